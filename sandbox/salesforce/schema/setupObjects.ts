// What stands around the records: users, organisation, stages, currencies, contact roles, teams. Names, types and lengths: Object Reference and Field Reference, API 66.0.
import { byPlatform, choice, createSObject, decimal, email, flag, lookup, percent, phone, text, whole, always, type SObject } from './field';

const everybody = { rights: { of: 'everybody' }, verbs: ['read'] } as const;
const seen = (length: number, name: string, label: string) => text(name, label, length, byPlatform);

export const user = createSObject({
  ...everybody, name: 'User', label: 'User', keyPrefix: '005',
  fields: [
    seen(80, 'Username', 'Username'), seen(40, 'FirstName', 'First Name'), seen(80, 'LastName', 'Last Name'), seen(121, 'Name', 'Full Name'), seen(8, 'Alias', 'Alias'), email('Email', 'Email', { ...byPlatform, length: 128 }),
    phone('Phone', 'Phone', byPlatform), phone('MobilePhone', 'Mobile Phone', byPlatform), seen(80, 'Title', 'Title'), seen(80, 'CompanyName', 'Company Name'), flag('IsActive', 'Active', byPlatform),
    choice('UserType', 'User Type', ['Standard', 'AutomatedProcess'], byPlatform), choice('TimeZoneSidKey', 'Time Zone', [], byPlatform), choice('LocaleSidKey', 'Locale', [], byPlatform), choice('LanguageLocaleKey', 'Language', [], byPlatform),
  ],
});

export const organization = createSObject({
  ...everybody, name: 'Organization', label: 'Organization', keyPrefix: '00D',
  fields: [
    seen(80, 'Name', 'Name'), flag('IsSandbox', 'Is Sandbox', byPlatform), seen(5, 'InstanceName', 'Instance Name'), choice('OrganizationType', 'Edition', [], byPlatform), seen(15, 'NamespacePrefix', 'Namespace Prefix'),
    seen(80, 'Country', 'Country'), choice('TimeZoneSidKey', 'Time Zone', [], byPlatform), choice('LanguageLocaleKey', 'Language', [], byPlatform), choice('DefaultLocaleSidKey', 'Locale', [], byPlatform),
  ],
});

export const opportunityStage = createSObject({
  ...everybody, name: 'OpportunityStage', label: 'Opportunity Stage', keyPrefix: '01J', nameField: 'MasterLabel',
  fields: [
    seen(255, 'MasterLabel', 'Master Label'), seen(255, 'ApiName', 'API Name'), flag('IsActive', 'Is Active', byPlatform), whole('SortOrder', 'Sort Order', byPlatform), flag('IsClosed', 'Closed', byPlatform), flag('IsWon', 'Won', byPlatform),
    choice('ForecastCategory', 'Forecast Category', [], byPlatform), choice('ForecastCategoryName', 'Forecast Category Name', [], byPlatform), percent('DefaultProbability', 'Probability (%)', byPlatform), seen(255, 'Description', 'Description'),
  ],
});

/** Only where the org has several currencies (platform guide, "Manage Multiple Currencies"). */
export const currencyType = createSObject({
  ...everybody, name: 'CurrencyType', label: 'Currency Type', keyPrefix: '01L', nameField: 'IsoCode',
  fields: [
    choice('IsoCode', 'Currency ISO Code', [], byPlatform), decimal('ConversionRate', 'Conversion Rate', { ...byPlatform, scale: 6 }), whole('DecimalPlaces', 'Decimal Places', byPlatform), flag('IsActive', 'Active', byPlatform),
    flag('IsCorporate', 'Corporate Currency', byPlatform),
  ],
});

const ofOpportunity = { rights: { of: 'parent', object: 'Opportunity' } } as const;

export const opportunityContactRole = createSObject({
  ...ofOpportunity, name: 'OpportunityContactRole', label: 'Opportunity Contact Role', keyPrefix: '00K', nameField: 'Id',
  fields: [
    lookup('OpportunityId', 'Opportunity ID', 'Opportunity', 'Opportunity', { ...always, required: true, updateable: false }), lookup('ContactId', 'Contact ID', 'Contact', 'Contact', { ...always, required: true }),
    choice('Role', 'Role', ['Business User', 'Decision Maker', 'Economic Buyer', 'Evaluator', 'Executive Sponsor', 'Influencer', 'Technical Buyer', 'Other'], always), flag('IsPrimary', 'Primary', always),
  ],
});

/** Only where team selling is switched on (Object Reference, OpportunityTeamMember). */
export const opportunityTeamMember = createSObject({
  ...ofOpportunity, name: 'OpportunityTeamMember', label: 'Opportunity Team Member', keyPrefix: '00q', nameField: 'Id',
  fields: [
    lookup('OpportunityId', 'Opportunity ID', 'Opportunity', 'Opportunity', { ...always, required: true, updateable: false }), lookup('UserId', 'User ID', 'User', 'User', { ...always, required: true, updateable: false }),
    choice('TeamMemberRole', 'Role', ['Account Manager', 'Channel Manager', 'Executive Sponsor', 'Sales Engineer', 'Sales Rep', 'Opportunity Owner'], always),
    choice('OpportunityAccessLevel', 'Opportunity Access', ['Read', 'Edit', 'All'], { ...always, defaultValue: 'Read' }),
  ],
});

export const setupObjects: readonly SObject[] = [user, organization, opportunityStage, opportunityContactRole];
