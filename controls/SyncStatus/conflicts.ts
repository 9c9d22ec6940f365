// Conflicts as rows to choose from. A group is decided whole, so it is one row.
import type { ConflictDetail } from '../shared/details';
import { DAY } from '../shared/moments';
import { countOf } from '../shared/words';
import type { Tools } from './tools';
import { showValue } from './values';

export type Side = 'crm' | 'partner';

export interface ConflictRow {
  readonly group: string;
  readonly label: string;
  readonly agreed: string;
  readonly crm: Cell;
  readonly partner: Cell;
  readonly fields: readonly ConflictDetail[];
  /** Changes when either side's value does. */
  readonly seen: string;
}

export interface Cell {
  readonly text: string;
  /** How far it is from what was agreed, and when it was changed. */
  readonly more: string;
  /** The same difference for somebody who listens. */
  readonly spoken: string;
}

/** Amounts are shown in the currency of their own side; when both sides have the same, it is the record's. */
export const toConflictRows = (conflicts: readonly ConflictDetail[], tools: Tools): ConflictRow[] =>
  [...new Set(conflicts.map((each) => each.group))].map((group) => {
    const fields = conflicts.filter((each) => each.group === group);
    const currency = fields[1] && fields.find((each) => each.field === 'currency');
    const shown = fields.filter((each) => each !== currency);
    const show = (side: Side | 'agreed'): string => shown.map((each) => showValue(tools, each.field, each[side], currency?.[side])).join(' · ');
    const cell = (side: Side): Cell => {
      const [short, spoken = ''] = fields[1] ? [] : difference(fields[0]!, side, tools);
      return { text: show(side), more: [short, tools.brief(fields[0]![`${side}On`])].filter(Boolean).map(unbroken).join(' · '), spoken };
    };
    return { group, fields, label: shown.map((each) => tools.fieldName(each.field)).join(' · '), agreed: show('agreed'), crm: cell('crm'), partner: cell('partner'), seen: JSON.stringify(fields.map((each) => [each.crm, each.partner])) };
  });

/** In a narrow cell a line ends after the dot, not within `10:31 AM`. */
const unbroken = (text?: string): string => text!.replace(/ /g, '\u00a0');

/** `[short, spoken]`; only amounts and dates have one. */
function difference({ field, agreed, ...values }: ConflictDetail, side: Side, { words, money }: Tools): readonly string[] {
  const value = values[side];
  const isDate = field === 'closingDate';
  const by = isDate ? Math.round((Date.parse(value as string) - Date.parse(agreed as string)) / DAY) : field === 'dealValue' ? +value! - +agreed! : 0;
  if (!by || agreed === null || value === null) return [];
  const text = isDate && countOf(words, `diff.${by > 0 ? 'later' : 'earlier'}`, Math.abs(by));
  return text ? [text, text] : ['diff', 'name'].map((key) => words(`${key}.${by > 0 ? 'more' : 'less'}`, { x: money(Math.abs(by)) }));
}

/** What the seller has chosen so far, by group, with the values that were seen. */
export type Picks = Readonly<Record<string, { readonly keep: Side; readonly seen: string } | undefined>>;

/** Selects a side in all these rows. */
export const pick = (picks: Picks, rows: readonly ConflictRow[], keep: Side): Picks => ({ ...picks, ...Object.fromEntries(rows.map(({ group, seen }) => [group, { keep, seen }])) });

/** The side that is chosen on the values that are shown now. */
export const keptIn = ({ group, seen }: ConflictRow, picks: Picks): Side | false => picks[group]?.seen === seen && picks[group]!.keep;

/** A value changed after it was chosen: the row wants a fresh look. */
export const isStale = (row: ConflictRow, picks: Picks): boolean => !!picks[row.group] && !keptIn(row, picks);

/** The text of *Conflict choices*: one choice for each field, the same side for all of a group. */
export const toChoices = (rows: readonly ConflictRow[], picks: Picks): string => JSON.stringify({
  choices: rows.flatMap((row) => {
    const keep = keptIn(row, picks);
    return keep ? row.fields.map(({ field, crm, partner }) => ({ field, keep, seen: { crm, partner } })) : [];
  }),
});
