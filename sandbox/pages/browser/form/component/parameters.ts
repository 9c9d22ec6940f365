// A code component's parameters: the columns it is bound to, as the component framework shows them.
import type { ComponentModel } from '../../../dynamics/pageModels';
import type { ControlModel, ParameterModel } from '../../../shipped/formModel';
import type { Attribute } from '../record/attribute';
import type { FormSession } from '../record/session';
import { bareId, type LookupValue, type Value } from '../record/values';
import { formatValue } from '../view/format';
import { strict } from '../xrm/strict';

export interface Parameters {
  readonly api: object;
  /** Whether a component must be told: the same text means the same values. */
  readonly signature: string;
}

/** A property that the form does not bind is there, too, and empty. */
export function readParameters(component: ComponentModel, control: ControlModel, session: FormSession): Parameters {
  const given = control.component?.parameters ?? {};
  const entries = component.properties.map((property) => [property.name, readParameter(property.type, given[property.name], session)] as const);
  return {
    api: strict(`${component.registeredAs} context.parameters`, Object.fromEntries(entries.map(([name, each]) => [name, each.api]))),
    signature: JSON.stringify(entries.map(([, each]) => each.signature)),
  };
}

function readParameter(type: string, parameter: ParameterModel | undefined, session: FormSession): { api: object; signature: unknown } {
  if (parameter && 'value' in parameter) return { api: { type: parameter.type, raw: constant(parameter), formatted: parameter.value, error: false, errorMessage: '' }, signature: parameter.value };
  const attribute = parameter && session.attributes.get(parameter.column);
  if (!attribute) return { api: { type, raw: null, formatted: '', error: false, errorMessage: '', attributes: undefined }, signature: null };
  const { security } = attribute;
  const raw = security.canRead ? toRaw(attribute.value) : null;
  const formatted = security.canRead ? formatValue(attribute.column, attribute.value, session) : '';
  return {
    api: strict(`parameter ${attribute.column.name}`, { type, raw, formatted, error: false, errorMessage: '', security: { editable: security.canUpdate, readable: security.canRead, secured: security.isSecured }, attributes: metadataOf(attribute) }),
    signature: [raw instanceof Date ? raw.getTime() : raw, security],
  };
}

const constant = ({ type, value }: { type: string; value: string }): unknown => (/^(Whole|Decimal|FP|Currency)/.test(type) ? Number(value) : type === 'TwoOptions' ? value === 'true' || value === '1' : value);

/** A lookup's id has no braces here, unlike in the Client API. */
const toRaw = (value: Value): unknown => (Array.isArray(value) ? (value as readonly LookupValue[]).map((each) => ({ ...each, id: bareId(each.id) })) : value);

const metadataOf = ({ column, requiredLevel }: Attribute): object => ({
  DisplayName: column.label, LogicalName: column.name, Description: '', Type: column.type, RequiredLevel: requiredLevel === 'required' ? 2 : requiredLevel === 'recommended' ? 3 : 0, IsSecured: false,
  MaxLength: column.maxLength, MinValue: column.min, MaxValue: column.max, Precision: column.precision, Format: column.format ?? '', ImeMode: 0, SourceType: 0,
  ...(column.choices ? { Options: column.choices.map(({ value, label }) => ({ Value: value, Label: label, Color: '' })), DefaultValue: -1 } : {}),
});

/** What a component hands out, as the column takes it; lookups get their braces. */
export function fromOutput(output: unknown): Value {
  if (!Array.isArray(output)) return output as Value;
  return (output as readonly LookupValue[]).map((each) => ({ ...each, id: `{${bareId(each.id).toUpperCase()}}` }));
}
