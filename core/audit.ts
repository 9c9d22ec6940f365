// The audit: plain text, one entry a line, newest first. Values stand as they are, line breaks as \n.
import type { FieldKey } from './fields';
import { fieldLabel } from './fields';
import type { Json } from './snapshot';
import { member } from './canonical/cell';
import { cutText } from './canonical/text';

const CUT_AT = 500;

/** `2026-11-23T10:00:00Z | Partner Center → Dynamics 365 | Deal value: 50000 → 60000` */
export const auditEntry = (at: string, from: string, to: string, text: string): string => `${at.replace(/\.\d+Z$/, 'Z')} | ${from} → ${to} | ${text}`;

/** `Deal value: 50000 → 60000`; a secured field keeps its values to itself. */
export const changeText = (field: FieldKey, before: Json, after: Json, secured: readonly FieldKey[]): string =>
  secured.includes(field) ? `${fieldLabel(field)}: changed` : `${fieldLabel(field)}: ${printedApart(before, after)}`;

/** A person goes by the e-mail address, unless something else about them changed. */
function printedApart(before: Json, after: Json): string {
  const [was, is] = [printed(before), printed(after)];
  return was === is && member(before, 'email') !== null ? `${printed(wholly(before))} → ${printed(wholly(after))}` : `${was} → ${is}`;
}

const wholly = (person: Json): Json => Object.values(person as Readonly<Record<string, Json>>).filter((each) => each !== null).join(', ');

/** The value that lost a conflict, uncut. */
export const notKeptText = (field: FieldKey, lost: Json, secured: readonly FieldKey[]): string =>
  secured.includes(field) ? `${fieldLabel(field)}: not kept` : `${fieldLabel(field)}: not kept: ${printed(lost, Infinity)}`;

/** A value as the audit prints it. */
export function printed(value: Json, cutAt = CUT_AT): string {
  return cutText(plain(value).replace(/\r\n?|\n/g, '\\n'), cutAt);
}

function plain(value: Json): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map((each: Json) => plain(each)).join('; ');
  if (typeof value !== 'object') return String(value);
  const code = member(value, 'code') ?? member(value, 'email');
  return code !== null ? plain(code) : Object.values(value as Readonly<Record<string, Json>>).filter((each) => each !== null).map((each) => plain(each)).join(', ');
}
