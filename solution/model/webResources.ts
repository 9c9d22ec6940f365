// Solution model: script and icons, and the build or source file that each is packed from.

export interface WebResourceModel {
  readonly name: string;
  readonly title: string;
  /** 3 script, 5 PNG (web resource types of the platform). */
  readonly type: 3 | 5;
  /** From the project's root. */
  readonly file: string;
}

const icon = (name: string): WebResourceModel => ({ name: `cosell_/icons/${name}.png`, title: `Co-sell icon ${name}`, type: 5, file: `webresources/icons/${name}.png` });

export const scriptLibrary = 'cosell_/CoSell.js';

export const webResources: readonly WebResourceModel[] = [
  { name: scriptLibrary, title: 'Co-sell script', type: 3, file: 'dist/webresources/CoSell.js' },
  ...['notshared', 'pending', 'synced', 'attention', 'conflict', 'failed'].map(icon),
];

/** What is called from forms and views. */
export const handlers = { onLoad: 'CoSell.Form.onLoad', onSave: 'CoSell.Form.onSave', icon: 'CoSell.Grid.syncStatusIcon' } as const;
