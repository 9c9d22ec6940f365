// A page that is no longer there: what a remote system says of a place in a list that it has forgotten.
import { RemoteFailure } from '../ports/failure';

/** Whether a list was refused for what was asked, and not for who asked or when. */
export const isRefusedPage = (error: unknown): boolean => error instanceof RemoteFailure && (error.status === 400 || error.status === 404 || error.status === 410);
