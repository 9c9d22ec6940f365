// Keys of the work table: one record, one key, whichever door rang.

export type CrmKind = 'opportunity' | 'lead' | 'account' | 'contact';

export type WorkKey =
  | { readonly type: 'crm'; readonly connection: string; readonly kind: CrmKind; readonly id: string }
  | { readonly type: 'partner'; readonly connection: string; readonly referralId: string };

/** `crm:<connection>:<kind>:<id>` */
export const crmKey = (connection: string, kind: CrmKind, id: string): string => `crm:${connection}:${kind}:${id}`;

/** `pc:<connection>:<id>`: a referral that no link knows yet. */
export const partnerKey = (connection: string, referralId: string): string => `pc:${connection}:${referralId.toLowerCase()}`;

/** @throws on a text that is no key of a record */
export function parseWorkKey(text: string): WorkKey {
  const [type, connection, ...rest] = text.split(':');
  if (type === 'pc' && connection && rest.length === 1) return { type: 'partner', connection, referralId: rest[0]! };
  const [kind, id] = rest;
  if (type === 'crm' && connection && isKind(kind) && id) return { type: 'crm', connection, kind, id };
  throw new Error(`"${text}" is no key of a record.`);
}

const isKind = (text: string | undefined): text is CrmKind => text === 'opportunity' || text === 'lead' || text === 'account' || text === 'contact';
