// Portal: the panel at the right, and its fields. Esc asks only when something was typed.
import { Dialog } from '../look/Dialog';
import { Icon } from '../look/Icon';
import type { Refused } from '../live';
import { say } from '../words';

interface PanelProps {
  readonly title: string;
  readonly lead: string;
  readonly confirm: string;
  readonly refused: Refused | undefined;
  readonly isTouched: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: React.ReactNode;
}

export function Panel({ title, lead, confirm, refused, isTouched, onConfirm, onClose, children }: PanelProps): JSX.Element {
  const [isAsking, setAsking] = React.useState(false);
  const dismiss = (): void => (isTouched && !isAsking ? setAsking(true) : onClose());
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    onConfirm();
  };
  return (
    <Dialog label={title} className="panel" onDismiss={dismiss}>
      <form onSubmit={submit} noValidate>
        <div className="panel-head">
          <div>
            <h2>{title}</h2>
            <p className="quiet">{lead}</p>
          </div>
          <button className="button plain" type="button" aria-label={say('close')} onClick={dismiss}><Icon name="close" size={18} /></button>
        </div>
        <div className="panel-fields">{children}</div>
        {refused ? <p className="refusal" role="alert">{refused.message}</p> : null}
        {isAsking ? (
          <div className="panel-ask" role="alert">
            <p>{say('portal.discard')}</p>
            <button className="button" type="button" onClick={onClose}>{say('portal.discard.yes')}</button>
            <button className="button" type="button" onClick={() => setAsking(false)}>{say('portal.discard.no')}</button>
          </div>
        ) : null}
        <div className="panel-foot">
          <button className="button main" type="submit">{confirm}</button>
          <button className="button" type="button" onClick={dismiss}>{say('cancel')}</button>
        </div>
      </form>
    </Dialog>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isRequired?: boolean;
}

const Label = ({ label, isRequired }: { readonly label: string; readonly isRequired?: boolean }): JSX.Element => (
  <span className="label">
    {label}
    {isRequired ? <span className="required" aria-hidden="true"> *</span> : null}
  </span>
);

interface TextFieldProps extends FieldProps {
  readonly type?: 'text' | 'date';
  readonly suffix?: string;
  readonly isNumber?: boolean;
  readonly isLong?: boolean;
  readonly isFirst?: boolean;
  /** Value and words of what may be meant; anything else may be typed as well. */
  readonly suggestions?: readonly (readonly [string, string])[];
}

export function TextField({ label, value, onChange, isRequired, type = 'text', suffix, isNumber, isLong, isFirst, suggestions }: TextFieldProps): JSX.Element {
  const listId = suggestions ? `suggestions-${label}` : undefined;
  const shared = { className: 'input', value, required: isRequired, 'data-first': isFirst ? true : undefined };
  return (
    <label className="field">
      <Label label={label} isRequired={isRequired} />
      <span className="with-suffix">
        {isLong ? <textarea {...shared} onChange={(event) => onChange(event.target.value)} /> : <input {...shared} type={type} list={listId} inputMode={isNumber ? 'decimal' : undefined} onChange={(event) => onChange(event.target.value)} />}
        {suffix ? <span className="suffix quiet">{suffix}</span> : null}
        {suggestions ? <datalist id={listId}>{suggestions.map(([name, words]) => <option key={name} value={name} label={words} />)}</datalist> : null}
      </span>
    </label>
  );
}

/** @param choices value and words, in order */
export function ChoiceField({ label, value, onChange, isRequired, choices }: FieldProps & { readonly choices: readonly (readonly [string, string])[] }): JSX.Element {
  return (
    <label className="field">
      <Label label={label} isRequired={isRequired} />
      <select className="input" value={value} required={isRequired} onChange={(event) => onChange(event.target.value)}>
        {choices.map(([name, words]) => <option key={name} value={name}>{words}</option>)}
      </select>
    </label>
  );
}
