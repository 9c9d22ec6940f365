// Packer: why no package can be made of these files.

/** Its message says which file and what to do. */
export class PackProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PackProblem';
  }
}
