// Portal, one deal: what only Microsoft's seller could do, in a dashed box, because the real portal has no such thing.
import type { DealView } from '../../portal/dealView';
import { Dialog } from '../look/Dialog';
import { Icon } from '../look/Icon';
import { post, type Refused } from '../live';
import { say, type WordKey } from '../words';

export function PlayMicrosoft({ deal }: { readonly deal: DealView }): JSX.Element | null {
  const [asking, setAsking] = React.useState<'value' | 'date'>();
  const [refused, setRefused] = React.useState<Refused>();
  if (deal.tab === 'closed') return null;
  const act = async (move: string, body?: object): Promise<void> => {
    const problem = await post(`/partner-center/deals/${deal.id}/${move}`, body);
    setRefused(problem);
    if (!problem) setAsking(undefined);
  };
  const waits = deal.microsoft?.status === 'New' && !deal.fromMicrosoft;
  const takesPart = deal.microsoft?.status === 'Active' && !deal.fromMicrosoft;
  const button = (word: WordKey, onClick: () => void): JSX.Element => <button className="button" type="button" onClick={onClick}>{say(word)}</button>;
  return (
    <section className="play" aria-labelledby="play">
      <h2 id="play"><Icon name="flask" size={18} />{say('portal.play')}</h2>
      <p className="small">{say('portal.play.text')}</p>
      <p className="deal-buttons">
        {waits ? button('portal.accept', () => void act('microsoft-accepts')) : null}
        {button('portal.play.value', () => setAsking('value'))}
        {button('portal.play.date', () => setAsking('date'))}
        {takesPart ? button('portal.win', () => void act('microsoft-wins')) : null}
        {waits || takesPart ? button('portal.play.decline', () => void act('microsoft-declines', { reason: 'Not a fit' })) : null}
      </p>
      {refused && !asking ? <p className="refusal" role="alert">{refused.message}</p> : null}
      {asking ? <ChangeDialog what={asking} deal={deal} refused={refused} onSave={(body) => void act('edit', body)} onClose={() => (setAsking(undefined), setRefused(undefined))} /> : null}
    </section>
  );
}

interface ChangeDialogProps {
  readonly what: 'value' | 'date';
  readonly deal: DealView;
  readonly refused: Refused | undefined;
  readonly onSave: (body: object) => void;
  readonly onClose: () => void;
}

function ChangeDialog({ what, deal, refused, onSave, onClose }: ChangeDialogProps): JSX.Element {
  const [text, setText] = React.useState(what === 'value' ? String(deal.value) : deal.closing);
  const title = say(what === 'value' ? 'portal.form.value' : 'portal.form.closing');
  const save = (event: React.FormEvent): void => {
    event.preventDefault();
    onSave(what === 'value' ? { dealValue: Number(text.replaceAll(',', '')) } : { closingDate: text });
  };
  return (
    <Dialog label={`${say('portal.play')}: ${title}`} className="dialog" onDismiss={onClose}>
      <form onSubmit={save} className="dialog-form">
        <h2>{say('portal.play')}</h2>
        <label className="field">
          <span className="label">{title}</span>
          <input data-first className="input" type={what === 'value' ? 'text' : 'date'} inputMode={what === 'value' ? 'decimal' : undefined} value={text} onChange={(event) => setText(event.target.value)} />
        </label>
        {refused ? <p className="refusal" role="alert">{refused.message}</p> : null}
        <div className="foot">
          <button className="button main" type="submit">{say('portal.change')}</button>
          <button className="button" type="button" onClick={onClose}>{say('cancel')}</button>
        </div>
      </form>
    </Dialog>
  );
}
