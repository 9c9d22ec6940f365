// Portal: all deals in three tabs.
import type { DealView } from '../../portal/dealView';
import { Icon } from '../look/Icon';
import { addressWith } from '../useAddress';
import { ago, day, daysUntil, money, say, type WordKey } from '../words';

export type Tab = DealView['tab'];

const TABS: readonly (readonly [Tab, WordKey])[] = [['waiting', 'portal.tabWaiting'], ['active', 'portal.tabActive'], ['closed', 'portal.tabClosed']];

/** The tab that an address asks for; one that does not exist is the active deals. */
export const tabOf = (asked: string | null): Tab => TABS.find(([name]) => name === asked)?.[0] ?? 'active';

interface DealListProps {
  readonly deals: readonly DealView[];
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
  readonly onNew: () => void;
  readonly onOpen: (id: string) => void;
}

export function DealList({ deals, tab, onTab, onNew, onOpen }: DealListProps): JSX.Element {
  const shown = deals.filter((deal) => deal.tab === tab);
  return (
    <>
      <div className="portal-title">
        <h1>{say('portal.title')}</h1>
        <button className="button main" type="button" onClick={onNew}><Icon name="add" />{say('portal.new')}</button>
      </div>
      <section className="card">
        <Tabs deals={deals} tab={tab} onTab={onTab} />
        <div role="tabpanel" id="deals" aria-labelledby={`tab-${tab}`}>
          {shown.length === 0 ? <Empty onNew={onNew} /> : <DealTable deals={shown} onOpen={onOpen} />}
        </div>
      </section>
    </>
  );
}

/** Arrow keys choose a tab, as in any list of tabs. */
function Tabs({ deals, tab, onTab }: Pick<DealListProps, 'deals' | 'tab' | 'onTab'>): JSX.Element {
  const onKey = (event: React.KeyboardEvent, at: number): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = TABS[(at + step + TABS.length) % TABS.length]?.[0];
    if (step === 0 || !next) return;
    onTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={say('portal.title')}>
      {TABS.map(([name, word], at) => (
        <button key={name} id={`tab-${name}`} type="button" role="tab" aria-selected={name === tab} aria-controls="deals" tabIndex={name === tab ? 0 : -1} onClick={() => onTab(name)} onKeyDown={(event) => onKey(event, at)}>
          {say(word)} <span className="small">{deals.filter((deal) => deal.tab === name).length}</span>
        </button>
      ))}
    </div>
  );
}

const Empty = ({ onNew }: { readonly onNew: () => void }): JSX.Element => (
  <div className="portal-empty">
    <p>{say('portal.empty')}</p>
    <button className="button" type="button" onClick={onNew}>{say('portal.new')}</button>
  </div>
);

function DealTable({ deals, onOpen }: { readonly deals: readonly DealView[]; readonly onOpen: (id: string) => void }): JSX.Element {
  const columns: readonly WordKey[] = ['portal.col.deal', 'portal.col.customer', 'portal.col.value', 'portal.col.closing', 'portal.col.direction', 'portal.col.microsoft', 'portal.col.updated'];
  return (
    <table className="deals">
      <thead>
        <tr>{columns.map((word) => <th key={word} scope="col" className={word === 'portal.col.value' ? 'number-cell' : undefined}>{say(word)}</th>)}</tr>
      </thead>
      <tbody>
        {deals.map((deal) => (
          <tr key={deal.id}>
            <td><a href={addressWith({ deal: deal.id })} onClick={(event) => openHere(event, () => onOpen(deal.id))}>{deal.name}</a></td>
            <td>{deal.customer}</td>
            <td className="number-cell">{money(deal.value, deal.currency, 0)}</td>
            <td>{day(deal.closing, 'medium')}</td>
            <td className="quiet">{say(deal.fromMicrosoft ? 'portal.fromMicrosoft' : 'portal.outgoing')}</td>
            <td><MicrosoftCell deal={deal} /></td>
            <td className="quiet">{ago(Date.parse(deal.updated))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A press with a key held opens the link where the reader wants it. */
export function openHere(event: React.MouseEvent, open: () => void): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  open();
}

function MicrosoftCell({ deal }: { readonly deal: DealView }): JSX.Element {
  const { microsoft, own, fromMicrosoft } = deal;
  if (own.status === 'New' && own.expires) return <b className="cell-icon"><Icon name="clock" size={14} />{daysLeft(own.expires)}</b>;
  if (!microsoft) return <span className="quiet">{say('portal.notAsked')}</span>;
  if (microsoft.status === 'New' && microsoft.expires) return <b className="cell-icon"><Icon name="clock" size={14} />{daysLeft(microsoft.expires)}</b>;
  const isGood = microsoft.substatus === 'Accepted' || microsoft.substatus === 'Won';
  return <span className="cell-icon">{isGood ? <span className="tone-ok"><Icon name="check" size={14} /></span> : null}{say(fromMicrosoft ? 'portal.accepted' : substatusWord(microsoft.substatus))}</span>;
}

export const daysLeft = (expires: string): string => (daysUntil(expires) === 1 ? say('portal.dayShort') : say('portal.daysShort', { n: daysUntil(expires) }));

export const substatusWord = (substatus: string): WordKey => `substatus.${substatus}` as WordKey;
