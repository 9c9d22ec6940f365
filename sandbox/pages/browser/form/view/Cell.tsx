// Opportunity form: one cell: label, and the platform's own control or a code component.
import type { CellModel } from '../../../shipped/formModel';
import { Icon } from '../../look/Icon';
import { say } from '../../words';
import { ComponentHost } from '../component/ComponentHost';
import type { OpenForm } from '../openForm';
import type { Attribute } from '../record/attribute';
import type { ControlState } from '../record/screen';
import { formType } from '../record/session';
import type { Value } from '../record/values';
import { ChoiceInput, DateInput, MoneyInput, NumberInput, SwitchInput, TextInput } from './inputs';
import { formatValue } from './format';
import { LookupInput } from './LookupInput';

export interface InputProps {
  readonly id: string;
  readonly attribute: Attribute;
  readonly describedBy: string | undefined;
  readonly isInvalid: boolean;
  readonly enter: (value: Value) => void;
  readonly form: OpenForm;
}

export function Cell({ cell, form }: { readonly cell: CellModel; readonly form: OpenForm }): JSX.Element | null {
  const { session, screen } = form;
  const state = cell.control && [...screen.controls.values()].find(({ model }) => model === cell.control);
  if (!state?.isVisible) return null;
  const component = state.model.component && session.page.components[state.model.component.name];
  const attribute = session.attributes.get(state.model.column);
  const id = `${session.key}-${state.model.id}`;
  const isRequired = attribute?.requiredLevel === 'required';
  return (
    <div className={component ? 'form-cell is-component' : 'form-cell'} data-control={state.model.id}>
      {cell.showsLabel ? (
        <label className="cell-label" htmlFor={component ? undefined : id} id={`label-${id}`} title={attribute?.column.description}>
          {state.label}
          {isRequired ? <span className="required" aria-hidden="true"> *</span> : null}
        </label>
      ) : null}
      <div className="cell-value">
        {component ? <ComponentHost component={component} state={state} session={session} /> : attribute ? <PlainControl id={id} attribute={attribute} state={state} form={form} /> : null}
      </div>
    </div>
  );
}

function PlainControl({ id, attribute, state, form }: { readonly id: string; readonly attribute: Attribute; readonly state: ControlState; readonly form: OpenForm }): JSX.Element {
  const { session } = form;
  const { column, security } = attribute;
  React.useEffect(() => {
    state.focus = () => document.getElementById(id)?.focus();
  });
  const messages = [...state.notifications.values()];
  const noteId = messages.length > 0 ? `note-${id}` : undefined;
  if (!security.canRead) return <Masked id={id} />;
  const isLocked = state.isDisabled || column.isReadOnly || !security.canUpdate || session.formType() === formType.readOnly || session.formType() === formType.disabled;
  const isInvalid = messages.some(({ level }) => level === 'ERROR');
  return (
    <>
      {isLocked ? <Locked id={id} attribute={attribute} form={form} isAlways={session.formType() === formType.update || session.formType() === formType.create} /> : <Input id={id} attribute={attribute} describedBy={noteId} isInvalid={isInvalid} form={form} enter={(value) => session.enter(column.name, value)} />}
      {messages.map(({ text, level }, at) => <p key={text} id={at === 0 ? noteId : undefined} className={level === 'ERROR' ? 'cell-note tone-bad' : 'cell-note'} role="alert">{text}</p>)}
    </>
  );
}

function Input(props: InputProps): JSX.Element {
  switch (props.attribute.column.type) {
    case 'boolean':
      return <SwitchInput {...props} />;
    case 'picklist':
    case 'state':
    case 'status':
      return <ChoiceInput {...props} />;
    case 'money':
      return <MoneyInput {...props} />;
    case 'integer':
    case 'decimal':
    case 'double':
      return <NumberInput {...props} />;
    case 'date':
      return <DateInput {...props} />;
    case 'lookup':
      return <LookupInput {...props} />;
    default:
      return <TextInput {...props} />;
  }
}

/** A column that this seller may not see: never an empty value, and never written. */
const Masked = ({ id }: { readonly id: string }): JSX.Element => (
  <p id={id} className="locked" tabIndex={-1}>
    <Icon name="lock" />
    <span aria-hidden="true">•••••••</span>
    <span className="hidden">{say('dyn.masked')}</span>
  </p>
);

function Locked({ id, attribute, form, isAlways }: { readonly id: string; readonly attribute: Attribute; readonly form: OpenForm; readonly isAlways: boolean }): JSX.Element {
  const text = formatValue(attribute.column, attribute.value, form.session);
  return (
    <p id={id} className="locked" tabIndex={-1}>
      {isAlways ? <Icon name="lock" /> : null}
      <span>{text || '---'}</span>
    </p>
  );
}
