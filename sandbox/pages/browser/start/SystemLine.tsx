// Start page: the systems as cards on one line, as the line stands everywhere; Partner Center stands between the CRMs.
import type { CrmState, StartState, SystemState } from '../../startPage/startRoutes';
import { Icon } from '../look/Icon';
import { readSettings } from '../settings';
import { say, type WordKey } from '../words';

interface Card {
  readonly name: string;
  readonly colour: string;
  readonly text: WordKey;
  readonly open: { readonly label: WordKey; readonly path: string };
  readonly also?: { readonly label: WordKey; readonly path: string };
  readonly count: { readonly one: WordKey; readonly many: WordKey };
  read(state: StartState): SystemState | undefined;
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
    ...(paths.salesforceList ? [salesforceCard(paths.salesforceList)] : []),
  ];
}

const salesforceCard = (path: string): Card => ({
  name: 'Salesforce', colour: '#0d9dda', text: 'start.card.salesforce', open: { label: 'start.card.list', path },
  count: { one: 'start.count.opportunity', many: 'start.count.opportunities' }, read: ({ salesforce }) => salesforce,
});

export function SystemLine({ state }: { readonly state: StartState | undefined }): JSX.Element {
  const [dynamics, partnerCenter, salesforce] = cards();
  return (
    <section className="systems" aria-label={say('start.systems')}>
      {dynamics ? <SystemCard card={dynamics} state={state} /> : null}
      <Connection state={state} system="Dynamics 365" crm={state?.dynamics} />
      {partnerCenter ? <SystemCard card={partnerCenter} state={state} /> : null}
      {salesforce ? <Connection state={state} system="Salesforce" crm={state?.salesforce} /> : null}
      {salesforce ? <SystemCard card={salesforce} state={state} /> : null}
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
        {card.also ? <a href={card.also.path}>{say(card.also.label)}</a> : null}
      </p>
      <p className="small">{state ? countLine(card, card.read(state)) : ' '}</p>
    </div>
  );
}

function countLine(card: Card, system: SystemState | undefined): string {
  if (!system) return ' ';
  const { count, off } = system;
  const records = say(count === 1 ? card.count.one : card.count.many, { n: count });
  if (count === 0) return records;
  return `${records}${say('start.comma')}${off === 0 ? say('start.allInSync') : say('start.allBut', { n: off })}`;
}

/** Solid while the service carries changes between Partner Center and that CRM; dashed while it is stopped or either side fails. */
function Connection({ state, system, crm }: { readonly state: StartState | undefined; readonly system: string; readonly crm: CrmState | undefined }): JSX.Element {
  const fault = state && faultOf(state.troubles, system, crm);
  const isBroken = fault !== undefined;
  const words = fault ?? say('start.line.runs');
  return (
    <div className={`connection ${isBroken ? 'broken' : ''}`} role="img" aria-label={words} title={words}>
      <span />
      <Icon name={isBroken ? 'close' : 'check'} />
      <span />
    </div>
  );
}

/** What stands in the way, in words. */
function faultOf(troubles: StartState['troubles'], system: string, crm: CrmState | undefined): string | undefined {
  if (troubles.service !== 'running') return say('start.line.stopped');
  if (troubles.partnerCenter === 'fails' || troubles.signIn === 'expired') return say('start.line.broken', { system: say('node.partner') });
  return crm?.isAnswering === false ? say('start.line.broken', { system }) : undefined;
}
