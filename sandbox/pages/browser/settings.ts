// The pages of the try-out, in the browser: what the server told this page when it was opened.

export type Language = 'en' | 'zh';

export interface Settings {
  readonly page: string;
  readonly language: Language;
  readonly paths: { readonly start: string; readonly form: string; readonly list: string; readonly portal: string };
}

let settings: Settings | undefined;

export function readSettings(): Settings {
  settings ??= JSON.parse(document.getElementById('settings')?.textContent ?? '{}') as Settings;
  return settings;
}
