// Opportunity form: name, whether it is saved, the figures of the header, and the tabs.
import { Icon } from '../../look/Icon';
import { say } from '../../words';
import type { OpenForm } from '../openForm';
import { formatValue } from './format';

export function FormHeader({ form }: { readonly form: OpenForm }): JSX.Element {
  const { session } = form;
  const { form: model, table } = session.page;
  const name = session.attributes.get(table.primaryName)?.value;
  return (
    <div className="card form-head">
      <div className="form-title">
        <span className="record-icon"><Icon name={table.name === 'opportunity' ? 'money' : 'person'} size={22} /></span>
        <div className="form-name">
          <h1>
            <span className="record-name" title={typeof name === 'string' ? name : undefined}>{typeof name === 'string' ? name : say('dyn.newRecord', { form: model.name })}</span>
            {' '}<span className="saved-state" role="status">- {stateWord(form)}</span>
          </h1>
          <p className="quiet">{model.name}</p>
        </div>
        <dl className="head-figures">
          {model.header.flatMap(({ control, label }) => {
            const attribute = control && session.attributes.get(control.column);
            return attribute ? [<div key={control.column}><dd>{formatValue(attribute.column, attribute.value, session) || '---'}</dd><dt>{label}</dt></div>] : [];
          })}
        </dl>
      </div>
      <FormTabs form={form} />
    </div>
  );
}

function stateWord({ session }: OpenForm): string {
  if (session.isSaving()) return say('dyn.saving');
  return say(session.id() === undefined || session.isDirty() ? 'dyn.unsaved' : 'dyn.saved');
}

function FormTabs({ form: { screen, session: { key } } }: { readonly form: OpenForm }): JSX.Element {
  const shown = screen.tabs.filter(({ isVisible }) => isVisible);
  const onKey = (event: React.KeyboardEvent, at: number): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = shown[(at + step + shown.length) % shown.length];
    if (step === 0 || !next) return;
    screen.openTab(next.name);
    document.getElementById(`${key}-tab-${next.name}`)?.focus();
  };
  return (
    <div className="form-tabs tabs" role="tablist" aria-label={say('dyn.tabs')}>
      {shown.map((tab, at) => {
        const isOpen = tab.name === screen.activeTab();
        return (
          <button key={tab.name} id={`${key}-tab-${tab.name}`} type="button" role="tab" aria-selected={isOpen} aria-controls={`${key}-panel-${tab.name}`} tabIndex={isOpen ? 0 : -1} onClick={() => screen.openTab(tab.name)} onKeyDown={(event) => onKey(event, at)}>
            {tab.label}
          </button>
        );
      })}
    </div>
  );
}
