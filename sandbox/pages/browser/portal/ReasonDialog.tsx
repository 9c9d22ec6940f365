// Portal: what closes a deal for good asks for the reason first.
import { Dialog } from '../look/Dialog';
import type { Refused } from '../live';
import { say, type WordKey } from '../words';

interface ReasonDialogProps {
  readonly kind: 'decline' | 'lose';
  readonly refused: Refused | undefined;
  readonly onConfirm: (reason: string) => void;
  readonly onClose: () => void;
}

const REASONS: readonly WordKey[] = ['portal.reason.1', 'portal.reason.2', 'portal.reason.3', 'portal.reason.4', 'portal.reason.5', 'portal.reason.6', 'portal.reason.7', 'portal.reason.8'];

export function ReasonDialog({ kind, refused, onConfirm, onClose }: ReasonDialogProps): JSX.Element {
  const [reason, setReason] = React.useState<WordKey>('portal.reason.1');
  return (
    <Dialog label={say(`portal.${kind}.title`)} className="dialog" onDismiss={onClose} role="alertdialog">
      <h2>{say(`portal.${kind}.title`)}</h2>
      <label className="field">
        <span className="label">{say('portal.reason')}</span>
        <select data-first className="input" value={reason} onChange={(event) => setReason(event.target.value as WordKey)}>
          {REASONS.map((word) => <option key={word} value={word}>{say(word)}</option>)}
        </select>
      </label>
      {refused ? <p className="refusal" role="alert">{refused.message}</p> : null}
      <div className="foot">
        <button className="button main" type="button" onClick={() => onConfirm(say(reason))}>{say(`portal.${kind}.confirm`)}</button>
        <button className="button" type="button" onClick={onClose}>{say('cancel')}</button>
      </div>
    </Dialog>
  );
}
