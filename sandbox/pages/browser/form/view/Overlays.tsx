// A seller's Dynamics 365: dialogs, progress and notifications of the whole app, over whatever page is open.
import { Dialog } from '../../look/Dialog';
import { Icon } from '../../look/Icon';
import { say } from '../../words';
import type { Dialogs, OpenDialog } from '../dialogs';
import { QuickCreate } from './QuickCreate';
import { RecordDialog } from './RecordDialog';

export function Overlays({ dialogs }: { readonly dialogs: Dialogs }): JSX.Element {
  const [, draw] = React.useState(0);
  React.useEffect(() => dialogs.subscribe(() => draw((times) => times + 1)), [dialogs]);
  return (
    <>
      <div className="global-notes" aria-live="polite">
        {dialogs.global.map(({ id, message, canClose, action, level }) => (
          <p key={id} className={`notice notice-${level === 2 ? 'error' : level === 3 ? 'warning' : 'info'}`}>
            <span>{message}</span>
            {action?.actionLabel ? <button className="button" type="button" onClick={action.eventHandler}>{action.actionLabel}</button> : null}
            {canClose ? <button className="icon-button" type="button" aria-label={say('close')} onClick={() => void dialogs.clearGlobal(id)}><Icon name="close" /></button> : null}
          </p>
        ))}
      </div>
      {dialogs.progress === undefined ? null : <div className="backdrop" role="status"><p className="dialog">{dialogs.progress}</p></div>}
      {dialogs.forms.map((form) => (form.kind === 'quick' ? <QuickCreate key={form.table} table={form.table} onClose={form.close} /> : <RecordDialog key={form.table + form.id} table={form.table} id={form.id} onClose={form.close} />))}
      {dialogs.open ? <OneDialog key={titleOf(dialogs.open)} dialog={dialogs.open} /> : null}
    </>
  );
}

const titleOf = (dialog: OpenDialog): string => (dialog.kind === 'unsaved' ? say('dyn.unsavedTitle') : (dialog.strings.title ?? say('dyn.confirm')));

function OneDialog({ dialog }: { readonly dialog: OpenDialog }): JSX.Element {
  const title = titleOf(dialog);
  if (dialog.kind === 'unsaved') {
    return (
      <Dialog label={title} className="dialog" role="alertdialog" onDismiss={() => dialog.close('stay')}>
        <h2>{title}</h2>
        <p>{say('dyn.unsavedText')}</p>
        <div className="foot">
          <button className="button main" type="button" onClick={() => dialog.close('save')}>{say('dyn.saveContinue')}</button>
          <button className="button" type="button" onClick={() => dialog.close('discard')}>{say('dyn.discard')}</button>
        </div>
      </Dialog>
    );
  }
  const dismiss = (): void => (dialog.kind === 'confirm' ? dialog.close(false) : dialog.close());
  const confirm = (): void => (dialog.kind === 'confirm' ? dialog.close(true) : dialog.close());
  return (
    <Dialog label={title} className="dialog" role="alertdialog" onDismiss={dismiss}>
      <h2>{title}</h2>
      {dialog.kind === 'confirm' && dialog.strings.subtitle ? <p className="quiet">{dialog.strings.subtitle}</p> : null}
      <p className="dialog-text">{dialog.strings.text}</p>
      <div className="foot">
        <button className="button main" type="button" data-first onClick={confirm}>{dialog.strings.confirmButtonLabel ?? say('ok')}</button>
        {dialog.kind === 'confirm' ? <button className="button" type="button" onClick={dismiss}>{dialog.strings.cancelButtonLabel ?? say('cancel')}</button> : null}
      </div>
    </Dialog>
  );
}
