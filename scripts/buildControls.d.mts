/** Builds all controls, unless they are fresh; see buildControls.mjs. */
export function buildControls(say: (line: string) => void): Promise<void>;
