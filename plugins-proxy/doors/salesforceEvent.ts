// The records that the package's bell is about: `{"organizationId": "00D...", "recordIds": ["006...", "00Q...", "001...", "003..."]}`.
import type { CrmBell } from './bell';
import type { JsonRecord } from './parseJson';

export type SalesforceEvent =
  | { readonly type: 'bells'; readonly bells: readonly Omit<CrmBell, 'connection'>[]; readonly organizationId: string }
  | { readonly type: 'malformed' };

/** What one call of the package tells at most: a chunk of its triggers. */
const MOST_RECORDS = 200;

/** The first three characters tell the object (Salesforce Help 000385203, "Standard Field Record ID Prefix Decoder"); records of others are none of ours. */
const kinds: Readonly<Record<string, CrmBell['kind']>> = { '006': 'opportunity', '00Q': 'lead', '001': 'account', '003': 'contact' };

export function readSalesforceEvent({ organizationId, recordIds }: JsonRecord): SalesforceEvent {
  const organization = typeof organizationId === 'string' ? toLongId(organizationId) : undefined;
  if (organization === undefined || !Array.isArray(recordIds) || recordIds.length > MOST_RECORDS) return { type: 'malformed' };
  const ids = recordIds.map((id: unknown) => (typeof id === 'string' ? toLongId(id) : undefined));
  if (!ids.every((id) => id !== undefined)) return { type: 'malformed' };
  const bells = [...new Set(ids)].flatMap((id) => {
    const kind = kinds[id.slice(0, 3)];
    return kind === undefined ? [] : [{ type: 'crm' as const, kind, id, priority: priorityOf(kind, ids.length) }];
  });
  return { type: 'bells', bells, organizationId: organization };
}

/** One record is a person who saved and looks; a customer's record concerns many deals and is in no hurry. */
function priorityOf(kind: CrmBell['kind'], records: number): CrmBell['priority'] {
  if (kind === 'account' || kind === 'contact') return 5;
  return records === 1 ? 0 : 1;
}

const CASES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** 15 or 18 characters; three of them repeat the case of the others (SOAP API guide, "ID Field Type"), so they are worked out and not taken. */
function toLongId(text: string): string | undefined {
  if (!/^[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?$/.test(text)) return undefined;
  const short = text.slice(0, 15);
  return short + [0, 5, 10].map((from) => CASES[[...short.slice(from, from + 5)].reduce((sum, letter, at) => (/[A-Z]/.test(letter) ? sum + (1 << at) : sum), 0)]).join('');
}
