// Our own choices in the order of their numbers, as core has them.
import { helpCodes, syncStatuses, visibilities } from '../../core/browser';

export const statusWords = syncStatuses;
export const visibilityWords = visibilities;
export const helpWords = helpCodes;
