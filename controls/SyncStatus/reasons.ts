// Why a record is not in sync: one row per reason, who acts, and the door to the very field.
import { choiceIndex } from '../shared/choiceColumn';
import type { ReasonDetail } from '../shared/details';
import type { Inputs } from './inputs';
import type { Tools } from './tools';

export interface ReasonRow {
  readonly code: string;
  readonly field: string;
  readonly actor: 'you' | 'admin' | 'wait';
  readonly what: string;
  readonly todo: string;
  /** What the button says; nothing when there is nothing to press. */
  readonly door: unknown;
  /** The form holds a value that ends this reason; it is not saved yet. */
  readonly isMended: boolean;
  /** The button puts the shared value back, instead of leading to the field. */
  readonly isUndo: boolean;
}

const order = ['you', 'admin', 'wait'] as const;

/** The seller's own first, then the admin's, then what is tried again by itself; otherwise in the service's order. An unknown actor counts as the admin. */
export function toReasonRows(reasons: readonly ReasonDetail[], inputs: Inputs, tools: Tools): ReasonRow[] {
  const { words, fieldName, translate, brief } = tools;
  const rows = reasons.map((reason): ReasonRow => {
    const { code, field = '', params = {} } = reason;
    const actor = order.find((each) => each === reason.actor) ?? 'admin';
    const key = `reason.${words(`reason.${code}.what`) ? code : 'unknown'}.`;
    const told = Object.entries(params).map(([name, value]) => [name, name === 'when' ? brief(value) : translate(value)]);
    const filled = { code, field: fieldName(field), ...Object.fromEntries(told) };
    return {
      code, field, actor, what: words(`${key}what`, filled), todo: words(`${key}do`, filled),
      door: actor === 'you' && doorTo(reason, inputs, tools), isMended: !!isMended(reason, inputs, tools), isUndo: params.shared !== undefined,
    };
  });
  return order.flatMap((actor) => rows.filter((row) => row.actor === actor));
}

function doorTo({ code, field, params }: ReasonDetail, { customer }: Inputs, { words, fieldName }: Tools): unknown {
  const account = customer?.raw?.[0];
  if (account && /^customer\.(address|country)$/.test(field!)) return words('btn.openRecord', { name: account.name });
  if (code === 'account-ambiguous') return words('btn.choose');
  if (params?.shared !== undefined) return words('btn.undo');
  return field && !/^(status|externalReferenceId)$/.test(field) && words('btn.goto', { field: fieldName(field) });
}

/** Judges by what the form shows now; a value that the form does not hand over is never judged. */
function isMended({ code, field, params }: ReasonDetail, inputs: Inputs, { now, dayOf, translate }: Tools): unknown {
  const { topic, customer, contact, products, dealValue, closingDate, help, visibility, notes } = inputs;
  const property = { name: topic, 'customer.name': customer, 'customer.contact': contact, solutions: products, dealValue, closingDate, help, visibility, notesToMicrosoft: notes }[field!];
  const value = property?.raw as string | number | Date | readonly unknown[] | null | undefined;
  const noHelp = help && choiceIndex(help.raw) < 0;
  if (code === 'contact-missing' && noHelp) return true;
  // Codes of help and visibility have the words of their choices.
  if (params?.shared !== undefined) return property && (property.formatted || value || '') === translate(params.shared);
  // No list of nobody, no empty text, no zero.
  if (/-(missing|zero)$/.test(code)) return value && String(value);
  return {
    'closing-date-past': value && value >= new Date(`${dayOf(now)}T00:00`),
    'solution-unknown': params?.id && products && !products.raw?.includes(String(params.id)),
    'solutions-too-many': products && !products.raw?.split(/[;,\n]+/)[50],
    'help-needs-visibility': choiceIndex(visibility?.raw) === 1 || noHelp,
  }[code];
}
