// Start page: the systems as cards on one line, as the line stands everywhere. Another CRM is one more entry here.
import type { StartState, SystemState } from '../../startPage/startRoutes';
import { Icon } from '../look/Icon';
import { readSettings } from '../settings';
import { say, type WordKey } from '../words';

interface Card {
  readonly name: string;
  readonly colour: string;
  readonly text: WordKey;
  readonly open: { readonly label: WordKey; readonly path: string };
  readonly also: { readonly label: WordKey; readonly path: string };
  readonly count: { readonly one: WordKey; readonly many: WordKey };
  read(state: StartState): SystemState;
}

function cards(): readonly Card[] {
  const { paths } = readSettings();
  return [
    {
      name: 'Dynamics 365', colour: '#0b6a6e', text: 'start.card.dynamics', open: { label: 'start.card.openForm', path: paths.form }, also: { label: 'start.card.list', path: paths.list },
      count: { one: 'start.count.opportunity', many: 'start.count.opportunities' }, read: ({ dynamics }) => dynamics,
    },
    {
      name: say('node.partner'), colour: '#0f6cbd', text: 'start.card.partner', open: { label: 'start.card.openDeals', path: paths.portal }, also: { label: 'portal.new', path: `${paths.portal}?new` },
      count: { one: 'start.count.deal', many: 'start.count.deals' }, read: ({ partnerCenter }) => partnerCenter,
    },
  ];
}

export function SystemLine({ state }: { readonly state: StartState | undefined }): JSX.Element {
  const [first, ...others] = cards();
  return (
    <section className="systems" aria-label={say('start.systems')}>
      {first ? <SystemCard card={first} state={state} /> : null}
      {others.map((card) => (
        <React.Fragment key={card.name}>
          <Connection state={state} />
          <SystemCard card={card} state={state} />
        </React.Fragment>
      ))}
    </section>
  );
}

function SystemCard({ card, state }: { readonly card: Card; readonly state: StartState | undefined }): JSX.Element {
  return (
    <div className="card system">
      <h2>
        <span className="square" style={{ background: card.colour }} />
        {card.name}
      </h2>
      <p className="quiet">{say(card.text)}</p>
      <p className="system-links">
        <a className="button main" href={card.open.path}>{say(card.open.label)}</a>
        <a href={card.also.path}>{say(card.also.label)}</a>
      </p>
      <p className="small">{state ? countLine(card, card.read(state)) : ' '}</p>
    </div>
  );
}

function countLine(card: Card, { count, off }: SystemState): string {
  const records = say(count === 1 ? card.count.one : card.count.many, { n: count });
  if (count === 0) return records;
  return `${records}${say('start.comma')}${off === 0 ? say('start.allInSync') : say('start.allBut', { n: off })}`;
}

/** Solid while the service carries changes; dashed while it is stopped or the other side fails. */
function Connection({ state }: { readonly state: StartState | undefined }): JSX.Element {
  const troubles = state?.troubles;
  const isBroken = troubles !== undefined && (troubles.service !== 'running' || troubles.partnerCenter === 'fails' || troubles.signIn === 'expired');
  const words = say(!isBroken ? 'start.line.runs' : troubles.service !== 'running' ? 'start.line.stopped' : 'start.line.broken');
  return (
    <div className={`connection ${isBroken ? 'broken' : ''}`} role="img" aria-label={words} title={words}>
      <span />
      <Icon name={isBroken ? 'close' : 'check'} />
      <span />
    </div>
  );
}
