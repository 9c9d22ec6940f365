// `npm start`: what keeps the try-out from starting or going on, in words for the person who started it.

/** An expected obstacle: `message` says what happened and what to do; no stack trace is wanted. */
export class StartProblem extends Error {
  override readonly name = 'StartProblem';

  constructor(what: string, ...waysOut: readonly string[]) {
    super([what, ...waysOut.map((way) => `  - ${way}`)].join('\n'));
  }
}
