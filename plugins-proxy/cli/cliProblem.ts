// Command line: what keeps a verb from being carried out, in words for whoever typed it.

/** `message` says what happened and what to do; `code` is for programs. The command ends with 1. */
export class CliProblem extends Error {
  override readonly name = 'CliProblem';

  constructor(readonly code: string, message: string) {
    super(message);
  }
}

/** The service does not answer: some verbs can do without it. */
export class ServiceUnreachable extends CliProblem {
  constructor(url: string) {
    super('service-unreachable', `The service cannot be reached at ${url}. Start it (npm start for the try-out, npm run proxy otherwise), or set COSELL_PUBLIC_URL, or COSELL_HOST and COSELL_PORT, to where it runs.`);
  }
}
