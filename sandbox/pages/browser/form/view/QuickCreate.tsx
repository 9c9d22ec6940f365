// A seller's Dynamics 365: quick create, the short form in a panel at the right. It is saved once and then gone.
import { Dialog } from '../../look/Dialog';
import { Icon } from '../../look/Icon';
import { say } from '../../words';
import { openForm, type OpenForm } from '../openForm';
import { saveMode } from '../record/session';
import { Cell } from './Cell';

export function QuickCreate({ table, onClose }: { readonly table: string; readonly onClose: () => void }): JSX.Element {
  const [form, setForm] = React.useState<OpenForm>();
  const [problem, setProblem] = React.useState<string>();
  const [, draw] = React.useState(0);
  React.useEffect(() => {
    openForm({ table, id: undefined, place: 'quick', defaults: {}, onClose }).then(
      (one) => (one.session.subscribe(() => draw((times) => times + 1)), setForm(one)),
      (error: unknown) => setProblem(String(error)),
    );
  }, []);
  const save = async (): Promise<void> => {
    const outcome = await form?.save(saveMode.save);
    if (outcome?.type === 'invalid') setProblem(say('dyn.fillIn', { fields: outcome.columns.map((name) => form?.session.page.table.columns[name]?.label ?? name).join(', ') }));
    if (outcome?.type === 'refused') setProblem(outcome.problem.message);
  };
  return (
    <Dialog label={form?.session.page.form.name ?? say('dyn.quickCreate')} className="panel" onDismiss={onClose}>
      <form onSubmit={(event) => (event.preventDefault(), void save())} noValidate>
        <div className="panel-head">
          <h2>{form?.session.page.form.name ?? say('dyn.quickCreate')}</h2>
          <button className="button plain" type="button" aria-label={say('close')} onClick={onClose}><Icon name="close" size={18} /></button>
        </div>
        <div className="panel-fields">{form?.session.page.form.tabs.flatMap(({ columns }) => columns.flatMap(({ sections }) => sections.flatMap(({ rows }) => rows.flat()))).map((cell) => <Cell key={cell.id} cell={cell} form={form} />)}</div>
        {problem ? <p className="notice notice-error" role="alert">{problem}</p> : null}
        <div className="panel-foot">
          <button className="button main" type="submit" disabled={!form || form.session.isSaving()}>{say('dyn.saveClose')}</button>
          <button className="button" type="button" onClick={onClose}>{say('cancel')}</button>
        </div>
      </form>
    </Dialog>
  );
}
