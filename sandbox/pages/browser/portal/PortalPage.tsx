// The Partner Center portal of the try-out: list, one deal, the panel for a new one. The address says what is shown, so that Back works.
import './portal.css';
import type { PortalState } from '../../portal/portalRoutes';
import { Icon, type IconName } from '../look/Icon';
import { LanguageSwitch } from '../look/LanguageSwitch';
import { Ribbon } from '../look/Ribbon';
import { useLive } from '../live';
import { readSettings } from '../settings';
import { say, type WordKey } from '../words';
import { DealList, tabOf } from './DealList';
import { DealPage } from './DealPage';
import { NewDealPanel } from './NewDealPanel';
import { useAddress } from '../useAddress';

export function PortalPage(): JSX.Element {
  const { state } = useLive<PortalState>('/partner-center/live');
  const { query, go } = useAddress();
  const deal = state?.deals.find(({ id }) => id === query.get('deal'));
  const isNew = query.has('new');
  const tab = tabOf(query.get('tab'));
  return (
    <div className="portal">
      <Ribbon word="portal.ribbon" />
      <Header organization={state?.organization ?? ''} />
      <div className="portal-body">
        <SideBar />
        <main className="portal-main" aria-busy={state === undefined}>
          {!state ? <Loading /> : query.has('deal') ? <DealPage deal={deal} state={state} onList={(next) => go({ tab: next })} /> : <DealList deals={state.deals} tab={tab} onTab={(next) => go({ tab: next })} onNew={() => go({ tab, new: '' })} onOpen={(id) => go({ deal: id })} />}
        </main>
      </div>
      {state && isNew ? <NewDealPanel state={state} onClose={() => go({ tab })} onCreated={(fromMicrosoft) => go({ tab: fromMicrosoft ? 'waiting' : 'active' })} /> : null}
    </div>
  );
}

function Header({ organization }: { readonly organization: string }): JSX.Element {
  return (
    <header className="portal-header">
      <b>{say('node.partner')}</b>
      <span className="quiet">{organization}</span>
      <span className="portal-header-end">
        <LanguageSwitch />
        <Icon name="bell" size={18} />
        <Icon name="gear" size={18} />
        <span className="avatar" aria-hidden="true">RC</span>
      </span>
    </header>
  );
}

const PLACES: readonly (readonly [IconName, WordKey])[] = [['home', 'nav.home'], ['referrals', 'nav.referrals'], ['leads', 'nav.customers'], ['box', 'nav.solutions'], ['insights', 'nav.insights']];

/** Only the referrals are played; the rest stands there so that people find their way as at home. */
function SideBar(): JSX.Element {
  return (
    <nav className="portal-nav" aria-label={say('node.partner')}>
      <ul>
        {PLACES.map(([icon, word]) => (
          <li key={word}>
            {word === 'nav.referrals' ? (
              <a href={readSettings().paths.portal} aria-current="page"><Icon name={icon} />{say(word)}</a>
            ) : (
              <span className="quiet"><Icon name={icon} />{say(word)}</span>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}

const Loading = (): JSX.Element => (
  <div className="card shimmer-card" role="status" aria-label={say('loading')}>
    {[1, 2, 3].map((row) => <span key={row} className="shimmer" />)}
  </div>
);
