// Start: what keeps the service from starting, in words for the person who starts it.

/** An expected obstacle at start. `message` says what happened and what to do; no stack trace is wanted, no secret is in it. */
export class StartupProblem extends Error {
  override readonly name = 'StartupProblem';

  /**
   * @param problem one sentence: what happened
   * @param remedy what to do next, one line for each way out
   */
  constructor(readonly problem: string, readonly remedy: string | readonly string[]) {
    super([problem, ...(typeof remedy === 'string' ? [remedy] : remedy.map((way) => `  - ${way}`))].join('\n'));
  }
}
