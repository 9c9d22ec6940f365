/** Packs the Dataverse solution, after the builds that go into it. */
export function buildSolution(say: (line: string) => void): Promise<void>;
/** What goes into the packages, and the packer. */
export function buildParts(say: (line: string) => void): Promise<unknown>;
