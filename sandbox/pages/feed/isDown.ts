// "What just happened" and the lines on the start page: whether an answer says that a system is in trouble.
import type { CountedRequest } from '../../kit/standIn';

export const isDown = ({ status }: CountedRequest): boolean => typeof status === 'string' || status === 429 || status >= 500;
