// Ids of Salesforce records: 15 characters whose case counts, and three more that repeat the case (SOAP API guide, "ID Field Type").

const CASES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The first three characters tell the object (Salesforce Help 000385203, "Standard Field Record ID Prefix Decoder"). */
const kinds = { '006': 'opportunity', '00Q': 'lead', '001': 'account', '003': 'contact' } as const;

export type RecordKind = (typeof kinds)[keyof typeof kinds];

/** 18 characters from 15 or 18; spreadsheets and databases that fold case are undone by the last three. `null` when it is no id. */
export function toLongId(text: string): string | null {
  const id = text.trim();
  if (!/^[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?$/.test(id)) return null;
  const short = id.length === 18 ? withCase(id.slice(0, 15), id.slice(15).toUpperCase()) : id;
  return short + suffixOf(short);
}

/** The kind of record that an id is of; `null` for one that we have nothing to do with. */
export const kindOfId = (id: string): RecordKind | null => (kinds as Readonly<Record<string, RecordKind>>)[id.slice(0, 3)] ?? null;

/** The id of a deal, from any usual way of writing it; `null` when it cannot be one. */
export function canonicalId(text: string): string | null {
  const id = toLongId(text);
  const kind = id === null ? null : kindOfId(id);
  return kind === 'opportunity' || kind === 'lead' ? id : null;
}

const suffixOf = (short: string): string =>
  [0, 5, 10].map((from) => CASES[[...short.slice(from, from + 5)].reduce((sum, letter, at) => (/[A-Z]/.test(letter) ? sum + (1 << at) : sum), 0)]).join('');

/** The case that the suffix tells, where it tells one that these characters can have. */
function withCase(short: string, suffix: string): string {
  const restored = [...short].map((letter, at) => ((CASES.indexOf(suffix[Math.floor(at / 5)] ?? '') >> at % 5) & 1 ? letter.toUpperCase() : letter.toLowerCase())).join('');
  return suffixOf(restored) === suffix ? restored : short;
}
