// Portal: a new deal, begun by us or by Microsoft.
import type { PortalState } from '../../portal/portalRoutes';
import { post, type Refused } from '../live';
import { hasWord, say, sayAny } from '../words';
import { helpName } from './DealFacts';
import { ChoiceField, Panel, TextField } from './Panel';

interface NewDealPanelProps {
  readonly state: PortalState;
  readonly onClose: () => void;
  readonly onCreated: (fromMicrosoft: boolean) => void;
}

const COUNTRIES = ['US', 'CA', 'GB', 'DE', 'FR', 'NL', 'CH', 'IN', 'JP', 'CN', 'AU', 'BR'] as const;
const HELP = ['WorkloadSpecificValueProposition', 'CustomerTechnicalArchitecture', 'ProofOfConceptOrDemo', 'QuotesOrLicensing', 'PostSalesCustomerSuccess', 'GeneralOrOther'] as const;

/** Made-up deals, so that a new one needs no typing; the first whose name is not there yet. */
const DEALS = [
  { name: 'Coho Winery – Vineyard sensors', customer: 'Coho Winery', city: 'Walla Walla', value: '74,000' },
  { name: 'Margie’s Travel – Booking assistant', customer: 'Margie’s Travel', city: 'Portland', value: '118,000' },
  { name: 'Humongous Insurance – Claims analytics', customer: 'Humongous Insurance', city: 'Hartford', value: '260,000' },
  { name: 'Graphic Design Institute – Media archive', customer: 'Graphic Design Institute', city: 'Chicago', value: '52,000' },
];

export function NewDealPanel({ state, onClose, onCreated }: NewDealPanelProps): JSX.Element {
  const [first] = React.useState(() => firstDraft(state));
  const [draft, setDraft] = React.useState(first);
  const [refused, setRefused] = React.useState<Refused>();
  const set = (name: keyof typeof first) => (value: string): void => setDraft({ ...draft, [name]: value });
  const create = async (): Promise<void> => {
    const missing = firstMissing(draft);
    const problem = missing ? { message: say('portal.missing', { field: missing }) } : await post('/partner-center/deals', toDeal(draft));
    if (problem) setRefused(problem);
    else onCreated(draft.starts === 'microsoft');
  };
  return (
    <Panel title={say('portal.new')} lead={say('portal.new.text')} confirm={say('portal.create')} refused={refused} isTouched={JSON.stringify(draft) !== JSON.stringify(first)} onConfirm={() => void create()} onClose={onClose}>
      <TextField label={say('portal.form.name')} value={draft.name} onChange={set('name')} isRequired isFirst />
      <TextField label={say('portal.form.customer')} value={draft.customer} onChange={set('customer')} isRequired />
      <div className="pair">
        <TextField label={say('portal.form.city')} value={draft.city} onChange={set('city')} isRequired />
        <ChoiceField label={say('portal.form.country')} value={draft.country} onChange={set('country')} choices={COUNTRIES.map((code) => [code, countryName(code)])} />
      </div>
      <div className="pair">
        <TextField label={say('portal.form.value')} value={draft.value} onChange={set('value')} suffix="USD" isNumber isRequired />
        <TextField label={say('portal.form.closing')} value={draft.closing} onChange={set('closing')} type="date" isRequired />
      </div>
      <ChoiceField label={say('portal.form.solution')} value={draft.solution} onChange={set('solution')} isRequired choices={state.solutions.map(({ id, name }) => [id, `${name} (${id})`])} />
      <ChoiceField label={say('portal.form.help')} value={draft.help} onChange={set('help')} choices={[['', say('portal.noHelp')], ...HELP.map((code) => [code, helpName(code)] as const)]} />
      <fieldset>
        <legend className="label">{say('portal.form.who')}</legend>
        {(['we', 'microsoft'] as const).map((who) => (
          <label key={who} className="radio">
            <input type="radio" name="starts" checked={draft.starts === who} onChange={() => set('starts')(who)} />
            {say(who === 'we' ? 'portal.form.startWe' : 'portal.form.startMicrosoft')}
          </label>
        ))}
      </fieldset>
    </Panel>
  );
}

interface Draft {
  readonly name: string; readonly customer: string; readonly city: string; readonly country: string; readonly value: string; readonly closing: string; readonly solution: string; readonly help: string; readonly starts: string;
}

function firstDraft({ deals, solutions }: PortalState): Draft {
  const names = new Set(deals.map(({ name }) => name));
  const deal = DEALS.find(({ name }) => !names.has(name)) ?? { name: '', customer: '', city: '', value: '' };
  const closing = new Date(Date.now() + 140 * 86_400_000).toISOString().slice(0, 10);
  return { ...deal, country: 'US', closing, solution: solutions[0]?.id ?? '', help: '', starts: 'we' };
}

function firstMissing({ name, customer, city, value, closing }: Draft): string | undefined {
  const needed = [['portal.form.name', name], ['portal.form.customer', customer], ['portal.form.city', city], ['portal.form.value', value], ['portal.form.closing', closing]] as const;
  const key = needed.find(([, given]) => given.trim() === '')?.[0];
  return key && say(key);
}

/** The panel asks for no street and no contact; Partner Center wants both. */
function toDeal({ name, customer, city, country, value, closing, solution, help, starts }: Draft): object {
  const domain = customer.normalize('NFKD').replaceAll(/[^a-z0-9]/gi, '').toLowerCase() || 'customer';
  return {
    fromMicrosoft: starts === 'microsoft', name, customerName: customer, dealValue: Number(value.replaceAll(/[,\s]/g, '')), currency: 'USD', closingDate: closing, solutions: [solution], visible: true,
    address: { addressLine1: '1 Market Street', city, state: null, postalCode: null, country },
    contact: { firstName: 'Kim', lastName: 'Abercrombie', email: `kim.abercrombie@${domain}.example`, phoneNumber: '+1 425 555 0150' },
    ...(help === '' ? {} : { help }),
  };
}

const countryName = (code: string): string => (hasWord(`country.${code}`) ? sayAny(`country.${code}`) : (new Intl.DisplayNames([document.documentElement.lang], { type: 'region' }).of(code) ?? code));
