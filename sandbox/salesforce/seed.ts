// What a new org holds before anybody works in it: people, stages, currencies, the same two customers as in the other CRM's stand-in.
import { stableId } from './ids';
import { toMoment } from './org';
import type { RowStore } from './rowStore';
import { automatedUser } from './saving/automation';
import type { Cells } from './schema/field';
import type { Schema } from './schema/schema';

/** Ids that are the same in every org of the stand-in. */
export const seedIds = {
  organization: stableId('00D', 'organization'),
  serviceUser: stableId('005', 'Co-sell Sync'),
  dana: stableId('005', 'Dana Seller'),
  robin: stableId('005', 'Robin Seller'),
  /** Left the company: inactive. */
  formerSeller: stableId('005', 'Kim Former'),
  automatedUser,
  contosoRetail: stableId('001', 'Contoso Retail'),
  noCountry: stableId('001', 'Fabrikam Workshop'),
  contosoContact: stableId('003', 'Avery Howard'),
  fabrikamContact: stableId('003', 'Sam Otieno'),
  stage: (name: string): string => stableId('01J', name),
} as const;

export interface SeedOptions {
  readonly serviceUsername: string;
  readonly organizationId: string;
}

type Put = (object: string, id: string, cells: Cells) => unknown;

export function seedOrg(store: RowStore, schema: Schema, options: SeedOptions, now: number): void {
  const at = toMoment(now);
  const stamp = { IsDeleted: false, CreatedDate: at, LastModifiedDate: at, SystemModstamp: at, CreatedById: seedIds.dana, LastModifiedById: seedIds.dana };
  const put: Put = (object, id, cells) => {
    const known = schema.find(object);
    if (!known) return;
    const empty = Object.fromEntries([...known.fields.values()].filter((field) => field.name !== 'Id' && field.type !== 'address' && !field.calculated).map((field) => [field.name, field.defaultValue ?? null]));
    store.put(object, id, { ...empty, ...stamp, ...Object.fromEntries(Object.entries(cells).filter(([name]) => known.fields.has(name))) });
  };
  seedPeople(put, options.serviceUsername);
  seedStages(put);
  seedCurrencies(put);
  put('Organization', options.organizationId, { Name: 'Contoso', IsSandbox: false, InstanceName: 'LOCAL', OrganizationType: 'Enterprise Edition', Country: 'US', TimeZoneSidKey: 'America/Los_Angeles', LanguageLocaleKey: 'en_US', DefaultLocaleSidKey: 'en_US' });
  seedCustomers(put, schema);
}

/** When an org was copied: the organisation's row goes by another id. */
export function moveOrganization(store: RowStore, from: string, to: string): void {
  const row = store.get('Organization', from);
  if (!row) return;
  store.put('Organization', to, row.cells);
  store.put('Organization', from, { ...row.cells, IsDeleted: true });
}

function seedPeople(put: Put, serviceUsername: string): void {
  const person = (id: string, FirstName: string, LastName: string, Email: string, more: Cells): unknown =>
    put('User', id, { FirstName, LastName, Name: `${FirstName} ${LastName}`, Alias: LastName.slice(0, 8).toLowerCase(), Email, Username: Email, IsActive: true, UserType: 'Standard', CompanyName: 'Contoso', TimeZoneSidKey: 'America/Los_Angeles', LocaleSidKey: 'en_US', LanguageLocaleKey: 'en_US', ...more });
  person(seedIds.dana, 'Dana', 'Seller', 'dana.seller@contoso.example', { Phone: '+1 425 555 0100', Title: 'Account manager' });
  person(seedIds.robin, 'Robin', 'Seller', 'robin.seller@contoso.example', { Phone: '+1 425 555 0101', Title: 'Account manager' });
  person(seedIds.formerSeller, 'Kim', 'Former', 'kim.former@contoso.example', { IsActive: false });
  person(seedIds.serviceUser, 'Co-sell', 'Sync', 'cosell-sync@contoso.example', { Username: serviceUsername });
  person(seedIds.automatedUser, 'Automated', 'Process', 'noreply@contoso.example', { Username: 'autoproc@contoso.example', UserType: 'AutomatedProcess' });
}

/** The stages of a new org, and one that was retired although it sorts first. */
function seedStages(put: Put): void {
  const stages: readonly (readonly [string, number, string, boolean, boolean])[] = [
    ['Prospecting', 10, 'Pipeline', false, false], ['Qualification', 10, 'Pipeline', false, false], ['Needs Analysis', 20, 'Pipeline', false, false], ['Value Proposition', 50, 'Pipeline', false, false], ['Id. Decision Makers', 60, 'Pipeline', false, false],
    ['Perception Analysis', 70, 'Pipeline', false, false], ['Proposal/Price Quote', 75, 'Pipeline', false, false], ['Negotiation/Review', 90, 'Pipeline', false, false], ['Closed Won', 100, 'Closed', true, true], ['Closed Lost', 0, 'Omitted', true, false],
  ];
  put('OpportunityStage', seedIds.stage('Cold Call'), { MasterLabel: 'Cold Call', ApiName: 'Cold Call', IsActive: false, SortOrder: 0, IsClosed: false, IsWon: false, ForecastCategory: 'Pipeline', ForecastCategoryName: 'Pipeline', DefaultProbability: 5 });
  stages.forEach(([name, DefaultProbability, ForecastCategory, IsClosed, IsWon], at) =>
    put('OpportunityStage', seedIds.stage(name), { MasterLabel: name, ApiName: name, IsActive: true, SortOrder: at + 1, IsClosed, IsWon, ForecastCategory, ForecastCategoryName: ForecastCategory, DefaultProbability }));
}

function seedCurrencies(put: Put): void {
  const currencies: readonly (readonly [string, number, number, boolean])[] = [['USD', 1, 2, true], ['EUR', 0.92, 2, true], ['CNY', 7.2, 2, true], ['GBP', 0.79, 2, true], ['JPY', 149.5, 0, true], ['KWD', 0.307, 3, true], ['DEM', 1.8, 2, false]];
  for (const [IsoCode, ConversionRate, DecimalPlaces, IsActive] of currencies) put('CurrencyType', stableId('01L', IsoCode), { IsoCode, ConversionRate, DecimalPlaces, IsActive, IsCorporate: IsoCode === 'USD' });
}

function seedCustomers(put: Put, schema: Schema): void {
  const owned = { OwnerId: seedIds.dana, CurrencyIsoCode: 'USD' };
  const withCodes = schema.object('Account').fields.has('BillingCountryCode');
  put('Account', seedIds.contosoRetail, {
    ...owned, Name: 'Contoso Retail', BillingStreet: '1 Main Street', BillingCity: 'Redmond', BillingState: 'WA', BillingPostalCode: '98052', BillingCountry: 'United States', ...(withCodes ? { BillingCountryCode: 'US', BillingStateCode: 'WA' } : {}), Phone: '+1 425 555 0110',
  });
  put('Account', seedIds.noCountry, { ...owned, Name: 'Fabrikam Workshop', BillingStreet: '2 Side Street', BillingCity: 'Springfield' });
  const contact = (id: string, FirstName: string, LastName: string, AccountId: string, Email: string): unknown => put('Contact', id, { ...owned, FirstName, LastName, Name: `${FirstName} ${LastName}`, AccountId, Email, Phone: '+1 425 555 0120' });
  contact(seedIds.contosoContact, 'Avery', 'Howard', seedIds.contosoRetail, 'avery.howard@contosoretail.example');
  contact(seedIds.fabrikamContact, 'Sam', 'Otieno', seedIds.noCountry, 'sam.otieno@fabrikam.example');
}
