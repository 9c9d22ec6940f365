// A seller's Dynamics 365: the page that shows one record in its form.
import './form.css';
import { CommandBar, DynamicsShell, type Command } from '../dynamics/DynamicsShell';
import { say } from '../words';
import { formAddress, openForm, pageDialogs, type FormTarget, type OpenForm } from './openForm';
import { formType, saveMode } from './record/session';
import { FormBody } from './view/FormBody';
import { FormHeader } from './view/FormHeader';
import { Notices } from './view/Notices';
import { Overlays } from './view/Overlays';
import { suggestDeal } from './suggestion';

export function FormPage(): JSX.Element {
  const { form, problem } = useForm();
  useShortcuts(form);
  const go = (address: string): void => void (form ? form.leave(address) : (location.href = address));
  return (
    <DynamicsShell go={go} onQuickCreate={() => void pageDialogs().openRecord({ kind: 'quick', table: 'opportunity' })}>
      {problem ? null : <CommandBar commands={form ? commandsOf(form, go) : []} />}
      {problem ? <p className="card notice-card tone-bad" role="alert">{problem}</p> : null}
      {!form && !problem ? <FormLoading /> : null}
      {form ? (
        <>
          <FormHeader form={form} />
          <Notices form={form} />
          <FormBody form={form} />
        </>
      ) : null}
      <Overlays dialogs={pageDialogs()} />
    </DynamicsShell>
  );
}

/** Opens what the address names, and is drawn again whenever something of it changes. */
function useForm(): { form: OpenForm | undefined; problem: string | undefined } {
  const [form, setForm] = React.useState<OpenForm>();
  const [problem, setProblem] = React.useState<string>();
  const [, draw] = React.useState(0);
  React.useEffect(() => {
    let opened: OpenForm | undefined;
    targetOfAddress()
      .then(openForm)
      .then((one) => {
        opened = one;
        one.session.subscribe(() => draw((times) => times + 1));
        const tab = new URLSearchParams(location.search).get('tab');
        if (tab) one.screen.openTab(tab);
        setForm(one);
      })
      .catch((error: unknown) => (console.error(error), setProblem(error instanceof Error ? error.message : String(error))));
    return () => opened?.dispose();
  }, []);
  React.useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (form?.session.isDirty() && form.session.id() === undefined) event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [form]);
  return { form, problem };
}

async function targetOfAddress(): Promise<FormTarget> {
  const query = new URLSearchParams(location.search);
  const table = query.get('table') ?? 'opportunity';
  const id = query.get('id')?.toLowerCase() ?? undefined;
  return { table, id, place: 'page', defaults: id === undefined && query.has('suggest') ? await suggestDeal() : {} };
}

function commandsOf(form: OpenForm, go: (address: string) => void): readonly Command[] {
  const { session } = form;
  const isLocked = session.formType() === formType.readOnly || session.formType() === formType.disabled;
  const save: readonly Command[] = [
    { icon: 'save', word: 'dyn.save', onRun: () => void form.save(saveMode.save), isOff: session.isSaving() },
    { icon: 'saveClose', word: 'dyn.saveClose', onRun: () => void form.saveAndClose(), isOff: session.isSaving() },
  ];
  return [
    ...(isLocked ? [] : save),
    { icon: 'add', word: 'dyn.new', onRun: () => go(formAddress(session.page.table.name, undefined)) },
    { icon: 'refresh', word: 'dyn.refresh', onRun: () => void form.reload(), isOff: session.id() === undefined },
  ];
}

/** Ctrl+S saves, Alt+N is a new record. */
function useShortcuts(form: OpenForm | undefined): void {
  React.useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's' || !form) return;
      event.preventDefault();
      (document.activeElement as HTMLElement | null)?.blur();
      void form.save(saveMode.save);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [form]);
}

const FormLoading = (): JSX.Element => (
  <div className="card shimmer-card" role="status" aria-label={say('loading')}>
    {[1, 2, 3].map((row) => <span key={row} className="shimmer" />)}
  </div>
);
