// Portal: one deal, what may be done with it, who takes part, and Microsoft's side to play.
import type { DealView } from '../../portal/dealView';
import type { PortalState } from '../../portal/portalRoutes';
import { Icon } from '../look/Icon';
import { post, type Refused } from '../live';
import { addressWith } from '../useAddress';
import { day, daysUntil, say, type WordKey } from '../words';
import { DealFacts } from './DealFacts';
import { openHere, type Tab } from './DealList';
import { EditDealPanel } from './EditDealPanel';
import { PlayMicrosoft } from './PlayMicrosoft';
import { ReasonDialog } from './ReasonDialog';
import { Parties } from './Parties';

interface DealPageProps {
  readonly deal: DealView | undefined;
  readonly state: PortalState;
  readonly onList: (tab: Tab) => void;
}

const TAB_WORDS: Readonly<Record<Tab, WordKey>> = { waiting: 'portal.tabWaiting', active: 'portal.tabActive', closed: 'portal.tabClosed' };

export function DealPage({ deal, state, onList }: DealPageProps): JSX.Element {
  const back = (tab: Tab): JSX.Element => <a href={addressWith({ tab })} onClick={(event) => openHere(event, () => onList(tab))}>{say('portal.title')}</a>;
  if (!deal) return <><p className="small crumbs">{back('active')}</p><section className="card"><p>{say('portal.gone')}</p></section></>;
  return (
    <>
      <p className="small crumbs">{back(deal.tab)} › {say(TAB_WORDS[deal.tab])}</p>
      <DealHead deal={deal} state={state} />
      <div className="deal-columns">
        <DealFacts deal={deal} />
        <div className="deal-side">
          <Parties deal={deal} organization={state.organization} />
          <PlayMicrosoft deal={deal} />
        </div>
      </div>
    </>
  );
}

function DealHead({ deal, state }: { readonly deal: DealView; readonly state: PortalState }): JSX.Element {
  const [asking, setAsking] = React.useState<'decline' | 'lose' | 'edit'>();
  const [refused, setRefused] = React.useState<Refused>();
  const act = async (move: string, body?: object): Promise<void> => {
    const problem = await post(`/partner-center/deals/${deal.id}/${move}`, body);
    setRefused(problem);
    if (!problem) setAsking(undefined);
  };
  const isWaiting = deal.tab === 'waiting';
  return (
    <section className="card deal-head">
      <div className="deal-head-row">
        <div>
          <h1>{deal.name}</h1>
          <p className="quiet">{headLine(deal)}</p>
        </div>
        {deal.tab === 'closed' ? null : (
          <p className="deal-buttons">
            {isWaiting ? null : <button className="button" type="button" onClick={() => setAsking('edit')}><Icon name="edit" />{say('portal.edit')}</button>}
            <button className="button" type="button" onClick={() => setAsking(isWaiting ? 'decline' : 'lose')}>{say(isWaiting ? 'portal.decline' : 'portal.lose')}</button>
            <button className="button main" type="button" onClick={() => void act(isWaiting ? 'accept' : 'win')}><Icon name={isWaiting ? 'check' : 'trophy'} />{say(isWaiting ? 'portal.accept' : 'portal.win')}</button>
          </p>
        )}
      </div>
      {deal.tab === 'closed' ? <p className="small">{say('portal.closed')}{deal.reason ? ` ${say('portal.closedReason', { reason: deal.reason })}` : ''}</p> : null}
      {isWaiting && deal.own.expires ? <DayMarks expires={deal.own.expires} /> : null}
      {refused && !asking ? <p className="refusal" role="alert">{refused.message}</p> : null}
      {asking === 'edit' ? <EditDealPanel deal={deal} state={state} refused={refused} onSave={(edit) => void act('edit', edit)} onClose={() => (setAsking(undefined), setRefused(undefined))} /> : null}
      {asking === 'decline' || asking === 'lose' ? <ReasonDialog kind={asking} refused={refused} onConfirm={(reason) => void act(asking, { reason })} onClose={() => (setAsking(undefined), setRefused(undefined))} /> : null}
    </section>
  );
}

function headLine(deal: DealView): string {
  if (deal.fromMicrosoft) return say('portal.head.incoming', { date: day(deal.created, 'long') });
  return `${say(`portal.kind.${deal.kind}`)} · ${say(`status.${deal.own.status}` as WordKey)}${say('start.comma')}${say(`substatus.${deal.own.substatus}` as WordKey).toLocaleLowerCase()}`;
}

const ANSWER_DAYS = 14;

function DayMarks({ expires }: { readonly expires: string }): JSX.Element {
  const left = Math.min(ANSWER_DAYS, daysUntil(expires));
  const words = say(left === 1 ? 'portal.day' : 'portal.days', { n: left });
  return (
    <div className="days">
      <p>
        <b>{words}</b> <span className="small">{say('portal.expires', { date: day(expires, 'long') })}</span>
      </p>
      <div className="day-marks" role="img" aria-label={words}>
        {Array.from({ length: ANSWER_DAYS }, (_, at) => <span key={at} className={at < ANSWER_DAYS - left ? 'gone' : undefined} />)}
      </div>
    </div>
  );
}
