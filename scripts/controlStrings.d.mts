export const wordsOf: Readonly<Record<'MicrosoftHelp' | 'ReferralProducts' | 'SyncStatus', readonly string[]>>;
/** The words of a control in a language, by key; see controlStrings.mjs. */
export function controlWords(root: string, control: keyof typeof wordsOf, language: 1033 | 2052): Record<string, string>;
/** Writes the RESX files beside the manifests. */
export function writeControlStrings(root: string): void;
