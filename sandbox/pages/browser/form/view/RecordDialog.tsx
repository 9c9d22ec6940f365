// A seller's Dynamics 365: a record's form in a dialog over the page, as navigateTo opens it.
import { Dialog } from '../../look/Dialog';
import { Icon } from '../../look/Icon';
import { CommandBar } from '../../dynamics/DynamicsShell';
import { say } from '../../words';
import { openForm, type OpenForm } from '../openForm';
import { saveMode } from '../record/session';
import { FormBody } from './FormBody';
import { FormHeader } from './FormHeader';
import { Notices } from './Notices';

export function RecordDialog({ table, id, onClose }: { readonly table: string; readonly id: string | undefined; readonly onClose: () => void }): JSX.Element {
  const [form, setForm] = React.useState<OpenForm>();
  const [problem, setProblem] = React.useState<string>();
  const [, draw] = React.useState(0);
  React.useEffect(() => {
    let opened: OpenForm | undefined;
    openForm({ table, id, place: 'dialog', defaults: {}, onClose }).then(
      (one) => {
        opened = one;
        one.session.subscribe(() => draw((times) => times + 1));
        setForm(one);
      },
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
    return () => opened?.dispose();
  }, []);
  const dismiss = (): void => void (form ? form.close() : onClose());
  return (
    <Dialog label={form?.session.page.form.name ?? say('loading')} className="record-dialog" onDismiss={dismiss}>
      <div className="record-dialog-bar">
        <CommandBar commands={form ? [{ icon: 'save', word: 'dyn.save', onRun: () => void form.save(saveMode.save) }, { icon: 'saveClose', word: 'dyn.saveClose', onRun: () => void form.save(saveMode.saveAndClose) }] : []} />
        <button className="button plain" type="button" aria-label={say('close')} onClick={dismiss}><Icon name="close" size={18} /></button>
      </div>
      {problem ? <p className="notice notice-error" role="alert">{problem}</p> : null}
      {form ? (
        <>
          <FormHeader form={form} />
          <Notices form={form} />
          <FormBody form={form} />
        </>
      ) : null}
    </Dialog>
  );
}
