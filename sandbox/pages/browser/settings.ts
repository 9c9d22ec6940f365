// The pages of the try-out, in the browser: what the server told this page when it was opened.
import type { PackageWords } from '../salesforce/packageWords';

export type Language = 'en' | 'zh';

export interface Settings {
  readonly page: string;
  readonly language: Language;
  readonly paths: { readonly start: string; readonly form: string; readonly list: string; readonly portal: string; readonly salesforceList?: string };
  /** Pages of Dynamics 365 only: who is signed in, where, and which libraries the platform provides. */
  readonly user?: { readonly id: string; readonly name: string };
  readonly organization?: { readonly name: string; readonly id: string };
  /** The page of Salesforce only: what the package calls its fields and their values. */
  readonly packageWords?: PackageWords;
  readonly platform?: readonly { readonly name: string; readonly version: string }[];
}

let settings: Settings | undefined;

export function readSettings(): Settings {
  settings ??= JSON.parse(document.getElementById('settings')?.textContent ?? '{}') as Settings;
  return settings;
}

/** 1033 or 2052, as the platform counts languages. */
export const languageCode = (): 1033 | 2052 => (readSettings().language === 'zh' ? 2052 : 1033);
