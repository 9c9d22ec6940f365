// The Client API of the try-out: formContext.getAttribute(...).
import type { Attribute } from '../record/attribute';
import type { FormSession } from '../record/session';
import type { Value } from '../record/values';
import { collection, strict } from './strict';

const TYPES: Readonly<Record<string, string>> = { string: 'string', memo: 'memo', boolean: 'boolean', picklist: 'optionset', state: 'optionset', status: 'optionset', integer: 'integer', bigint: 'integer', decimal: 'decimal', double: 'double', money: 'money', date: 'datetime', datetime: 'datetime', lookup: 'lookup', uniqueidentifier: 'string' };
const FORMATS: Readonly<Record<string, string | null>> = { string: 'text', memo: 'textarea', date: 'date', datetime: 'datetime' };

/** @param controls Client API objects of the controls that show it */
export function createAttributeApi(attribute: Attribute, session: FormSession, controls: () => readonly (readonly [string, object])[]): object {
  const { column, handlers } = attribute;
  const text = (): string | null => column.choices?.find(({ value }) => value === Number(attribute.value) && attribute.value !== null)?.label ?? null;
  const options = (column.choices ?? []).map(({ value, label }) => ({ text: label, value }));
  const common = {
    getName: () => column.name,
    getAttributeType: () => TYPES[column.type] ?? 'string',
    getFormat: () => (column.format === 'Url' ? 'url' : column.format === 'Email' ? 'email' : (FORMATS[column.type] ?? null)),
    getParent: () => null,
    getValue: (): Value => attribute.value,
    setValue: (value: Value) => session.set(column.name, checkedValue(attribute, value)),
    getIsDirty: () => attribute.isDirty,
    getSubmitMode: () => attribute.submitMode,
    setSubmitMode: (mode: Attribute['submitMode']) => void (attribute.submitMode = mode),
    getRequiredLevel: () => attribute.requiredLevel,
    setRequiredLevel(level: Attribute['requiredLevel']) {
      attribute.requiredLevel = level;
      session.changed();
    },
    getUserPrivilege: () => ({ canRead: attribute.security.canRead, canUpdate: attribute.security.canUpdate, canCreate: attribute.security.canUpdate }),
    isValid: () => true,
    setIsValid: () => undefined,
    // The platform adds the same function as often as it is told, and calls it as often.
    addOnChange: (handler: (context: unknown) => void) => void handlers.push(handler),
    removeOnChange(handler: (context: unknown) => void) {
      for (let at = handlers.length - 1; at >= 0; at -= 1) if (handlers[at] === handler) handlers.splice(at, 1);
    },
    fireOnChange: () => session.events.onChange(column.name),
    controls: collection(`attribute ${column.name}.controls`, controls),
  };
  return strict(`attribute ${column.name}`, { ...common, ...ofType(attribute, options, text) });
}

/** Methods that only some types of column have. */
function ofType(attribute: Attribute, options: readonly { text: string; value: number }[], text: () => string | null): object {
  const { column } = attribute;
  switch (column.type) {
    case 'string':
    case 'memo':
      return { getMaxLength: () => column.maxLength ?? 0 };
    case 'picklist':
    case 'state':
    case 'status':
    case 'boolean':
      return { getInitialValue: () => attribute.initial, getOptions: () => [...options], getOption: (which: number | string) => options.find((each) => each.value === which || each.text === which) ?? null, getSelectedOption: () => options.find((each) => each.value === Number(attribute.value) && attribute.value !== null) ?? null, getText: text };
    case 'integer':
    case 'decimal':
    case 'double':
    case 'money':
      return { getMin: () => column.min ?? null, getMax: () => column.max ?? null, getPrecision: () => column.precision ?? 2, setPrecision: () => undefined };
    case 'lookup':
      return { getIsPartyList: () => false };
    default:
      return {};
  }
}

/** @throws Error for a value of another type, as the platform does */
function checkedValue({ column }: Attribute, value: Value): Value {
  const fits = value === null || value === undefined || isOfType(column.type, value);
  if (!fits) throw new Error(`${column.name} takes no ${typeof value}: it is a ${TYPES[column.type]}.`);
  if (typeof value === 'string' && column.maxLength !== undefined && value.length > column.maxLength) throw new Error(`${column.name} takes ${column.maxLength} characters, not ${value.length}.`);
  if (column.choices && typeof value === 'number' && !column.choices.some((each) => each.value === value)) throw new Error(`${column.name} has no choice ${value}.`);
  return value;
}

function isOfType(type: string, value: Exclude<Value, null>): boolean {
  if (type === 'string' || type === 'memo') return typeof value === 'string';
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'date' || type === 'datetime') return value instanceof Date;
  if (type === 'lookup') return Array.isArray(value);
  return typeof value === 'number';
}
