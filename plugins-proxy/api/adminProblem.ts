// Admin API: a request that cannot be carried out, as the caller reads it.

/** `message` says what happened and what to do next; `code` is for programs. */
export class AdminProblem extends Error {
  override readonly name = 'AdminProblem';

  constructor(readonly status: 400 | 401 | 404 | 409 | 429 | 502 | 503, readonly code: string, message: string) {
    super(message);
  }
}

export interface ProblemBody {
  readonly error: { readonly code: string; readonly message: string };
}

export const problemBody = ({ code, message }: Pick<AdminProblem, 'code' | 'message'>): ProblemBody => ({ error: { code, message } });
