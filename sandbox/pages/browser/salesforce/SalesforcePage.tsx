// A seller's Salesforce in the try-out: the org's opportunities with the package's fields, and a panel to change one.
import './salesforce.css';
import type { SalesforceState } from '../../salesforce/salesforceRoutes';
import { LanguageSwitch } from '../look/LanguageSwitch';
import { Ribbon } from '../look/Ribbon';
import { post, useLive, type Refused } from '../live';
import { say } from '../words';
import { useAddress } from '../useAddress';
import { ChangePanel } from './ChangePanel';
import { OpportunityTable } from './OpportunityTable';

export function SalesforcePage(): JSX.Element {
  const { state } = useLive<SalesforceState>('/salesforce/live');
  const { query, go } = useAddress();
  const [refused, setRefused] = React.useState<Refused>();
  const chosen = state?.opportunities.find(({ id }) => id === query.get('change'));
  const close = (): void => (setRefused(undefined), go({}));
  const save = async (values: object): Promise<void> => {
    if (Object.keys(values).length === 0) return close();
    const problem = await post(`/salesforce/opportunities/${chosen?.id}`, values);
    if (problem) setRefused(problem);
    else close();
  };
  return (
    <div className="portal salesforce">
      <Ribbon word="sf.ribbon" />
      <header className="portal-header">
        <b>Salesforce</b>
        <span className="portal-header-end"><LanguageSwitch /></span>
      </header>
      <main className="salesforce-main" aria-busy={state === undefined}>
        <h1>{say('nav.opportunities')}</h1>
        <p className="quiet">{say('sf.text')}</p>
        <section className="card" aria-label={say('nav.opportunities')}>
          {!state ? <Loading /> : state.opportunities.length === 0 ? <p className="quiet">{say('sf.empty')}</p> : <OpportunityTable opportunities={state.opportunities} onChange={(id) => go({ change: id })} />}
        </section>
      </main>
      {state && chosen ? <ChangePanel key={chosen.id} opportunity={chosen} solutions={state.solutions} refused={refused} onSave={(values) => void save(values)} onClose={close} /> : null}
    </div>
  );
}

const Loading = (): JSX.Element => (
  <div className="shimmer-card" role="status" aria-label={say('loading')}>
    {[1, 2, 3].map((row) => <span key={row} className="shimmer" />)}
  </div>
);
