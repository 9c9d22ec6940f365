// Solution model: what admins and sellers read, in both languages. Words of the screens come from wording/; here stand those that only Dataverse shows.
import en from '../../wording/en.json' with { type: 'json' };
import zh from '../../wording/zh.json' with { type: 'json' };

/** Language codes of everything that the solution shows. */
export const languages = { en: 1033, zh: 2052 } as const;

export interface Words {
  readonly en: string;
  readonly zh: string;
}

/** A text of wording/, which holds the same keys in both languages. */
export const word = (key: keyof typeof en): Words => ({ en: en[key], zh: zh[key as keyof typeof zh] });

export const both = (enText: string, zhText: string): Words => ({ en: enText, zh: zhText });

export const productName = both('Co-sell Referral Sync', '联合销售引荐同步');
export const tabLabel = word('node.partner');
