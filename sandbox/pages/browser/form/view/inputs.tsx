// Opportunity form: the platform's own controls, one for each type of column. A value is handed over when the seller leaves the control.
import { readSettings } from '../../settings';
import { calendarDay } from '../record/values';
import { currencyOf } from '../record/currencies';
import { locale, say } from '../../words';
import type { InputProps } from './Cell';
import { formatValue } from './format';

/** Text that is being typed; what stands outside wins as soon as it changes. */
function useDraft(outside: string): [string, (text: string) => void] {
  const [draft, setDraft] = React.useState(outside);
  React.useEffect(() => setDraft(outside), [outside]);
  return [draft, setDraft];
}

const ariaOf = ({ id, describedBy, isInvalid, attribute }: InputProps): React.AriaAttributes & { id: string } => ({ id, 'aria-describedby': describedBy, 'aria-invalid': isInvalid || undefined, 'aria-required': attribute.requiredLevel === 'required' || undefined });

export function TextInput(props: InputProps): JSX.Element {
  const { attribute, enter } = props;
  const { column } = attribute;
  const outside = typeof attribute.value === 'string' ? attribute.value : '';
  const [draft, setDraft] = useDraft(outside);
  const commit = (): void => (draft === outside ? undefined : enter(draft));
  const shared = { ...ariaOf(props), className: 'input', value: draft, maxLength: column.maxLength, onBlur: commit };
  if (column.type === 'memo') return <textarea {...shared} rows={4} onChange={(event) => setDraft(event.target.value)} />;
  const type = column.format === 'Email' ? 'email' : column.format === 'Url' ? 'url' : 'text';
  return <input {...shared} type={type} onChange={(event) => setDraft(event.target.value)} onKeyDown={(event) => event.key === 'Enter' && commit()} />;
}

export function MoneyInput(props: InputProps): JSX.Element {
  const { attribute, enter, form } = props;
  const outside = formatValue(attribute.column, attribute.value, form.session);
  const [draft, setDraft] = useDraft(outside);
  const { digits } = currencyOf(form.session.attributes.get('transactioncurrencyid')?.value ?? null);
  const commit = (): void => {
    if (draft === outside) return;
    const number = readNumber(draft);
    if (number === undefined) return setDraft(outside);
    enter(number === null ? null : Number(number.toFixed(digits)));
  };
  return <input {...ariaOf(props)} className="input" type="text" inputMode="decimal" value={draft} onChange={(event) => setDraft(event.target.value)} onBlur={commit} onFocus={(event) => event.target.select()} onKeyDown={(event) => event.key === 'Enter' && commit()} />;
}

export function NumberInput(props: InputProps): JSX.Element {
  const { attribute, enter } = props;
  const outside = attribute.value === null ? '' : String(attribute.value);
  const [draft, setDraft] = useDraft(outside);
  const commit = (): void => {
    const number = readNumber(draft);
    if (number === undefined) setDraft(outside);
    else if (draft !== outside) enter(number);
  };
  return <input {...ariaOf(props)} className="input" type="text" inputMode="decimal" value={draft} onChange={(event) => setDraft(event.target.value)} onBlur={commit} />;
}

/** "$485,000.00" and "485000" alike; null when nothing stands there, undefined when it is no number. */
function readNumber(text: string): number | null | undefined {
  const bare = text.replaceAll(/[^\d.,-]/g, '').replaceAll(',', '');
  if (text.trim() === '') return null;
  return bare === '' || Number.isNaN(Number(bare)) ? undefined : Number(bare);
}

/** The browser's own, so that it writes dates as the reader's system does. */
export function DateInput(props: InputProps): JSX.Element {
  const { attribute, enter } = props;
  const outside = attribute.value instanceof Date ? calendarDay(attribute.value) : '';
  const [draft, setDraft] = useDraft(outside);
  const commit = (): void => {
    if (draft === outside) return;
    const [year = 0, month = 1, dayOfMonth = 1] = draft.split('-').map(Number);
    enter(draft === '' ? null : new Date(year, month - 1, dayOfMonth));
  };
  return <input {...ariaOf(props)} className="input" type="date" lang={locale()} max="9999-12-31" value={draft} onChange={(event) => setDraft(event.target.value)} onBlur={commit} />;
}

export function ChoiceInput(props: InputProps): JSX.Element {
  const { attribute, enter, form } = props;
  const state = form.session.attributes.get('statecode')?.value ?? 0;
  const choices = (attribute.column.choices ?? []).filter((each) => each.state === undefined || each.state === state);
  return (
    <select {...ariaOf(props)} className="input" value={attribute.value === null ? '' : String(attribute.value)} onChange={(event) => enter(event.target.value === '' ? null : Number(event.target.value))}>
      <option value="">{say('dyn.select')}</option>
      {choices.map(({ value, label }) => <option key={value} value={value}>{label}</option>)}
    </select>
  );
}

export function SwitchInput(props: InputProps): JSX.Element {
  const { attribute, enter, id } = props;
  const isOn = attribute.value === true;
  const label = attribute.column.choices?.find(({ value }) => value === (isOn ? 1 : 0))?.label ?? (isOn ? 'Yes' : 'No');
  return (
    <span className="switch-line">
      <button id={id} type="button" className="switch" role="switch" aria-checked={isOn} aria-labelledby={`label-${id}`} aria-describedby={props.describedBy} lang={readSettings().language} onClick={() => enter(!isOn)}>
        <span />
      </button>
      <span aria-hidden="true">{label}</span>
    </span>
  );
}
