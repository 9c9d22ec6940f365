/** Builds those of the named bundles that are missing or older than their sources. */
export function buildMissing(names: readonly string[], say: (line: string) => void): Promise<void>;
export function buildProblem(error: unknown): string;
