// The records that people work with: Account, Contact, Opportunity, Lead. Names, types and lengths: Object Reference and Field Reference, API 66.0.
import { address, always, area, byPlatform, choice, createSObject, day, decimal, email, flag, lookup, money, percent, phone, text, url, whole, type Field, type SObject } from './field';

/** A field of the customer's own that their automation writes; nobody maps it. */
export const customersField = 'Automation_Runs__c';

const sources = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other'];
const industries = ['Consulting', 'Education', 'Manufacturing', 'Retail', 'Technology'];

export const account = createSObject({
  name: 'Account', label: 'Account', keyPrefix: '001', owned: true,
  children: [{ name: 'Contacts', object: 'Contact', field: 'AccountId', cascades: true }, { name: 'Opportunities', object: 'Opportunity', field: 'AccountId', cascades: true }, { name: 'ChildAccounts', object: 'Account', field: 'ParentId', cascades: false }],
  fields: [
    text('Name', 'Account Name', 255, { ...always, required: true }), choice('Type', 'Account Type', ['Prospect', 'Customer - Direct', 'Partner', 'Other']), lookup('ParentId', 'Parent Account ID', 'Account', 'Parent'),
    address('Billing', 'BillingAddress', 'Billing'), address('Shipping', 'ShippingAddress', 'Shipping'), phone('Phone', 'Account Phone'), text('AccountNumber', 'Account Number', 40), url('Website', 'Website'),
    choice('Industry', 'Industry', industries), money('AnnualRevenue', 'Annual Revenue', { scale: 0 }), whole('NumberOfEmployees', 'Employees', { precision: 8 }), area('Description', 'Account Description', 32_000),
    lookup('MasterRecordId', 'Master Record ID', 'Account', 'MasterRecord', byPlatform),
  ],
});

/** People are named by their parts; the compound is the platform's. FirstName and LastName go by the permission of nobody, as required names do. */
const personName: readonly Field[] = [text('FirstName', 'First Name', 40, always), text('LastName', 'Last Name', 80, { ...always, required: true }), text('Name', 'Full Name', 121, byPlatform)];

export const contact = createSObject({
  name: 'Contact', label: 'Contact', keyPrefix: '003', owned: true,
  children: [{ name: 'OpportunityContactRoles', object: 'OpportunityContactRole', field: 'ContactId', cascades: true }],
  fields: [
    personName, lookup('AccountId', 'Account ID', 'Account', 'Account'), email('Email', 'Email'), phone('Phone', 'Business Phone'), phone('MobilePhone', 'Mobile Phone'), text('Title', 'Title', 128), text('Department', 'Department', 80),
    address('Mailing', 'MailingAddress', 'Mailing'), area('Description', 'Contact Description', 32_000), lookup('MasterRecordId', 'Master Record ID', 'Contact', 'MasterRecord', byPlatform),
  ],
});

export const opportunity = createSObject({
  name: 'Opportunity', label: 'Opportunity', plural: 'Opportunities', keyPrefix: '006', owned: true,
  children: [{ name: 'OpportunityContactRoles', object: 'OpportunityContactRole', field: 'OpportunityId', cascades: true }, { name: 'OpportunityTeamMembers', object: 'OpportunityTeamMember', field: 'OpportunityId', cascades: true }],
  fields: [
    lookup('AccountId', 'Account ID', 'Account', 'Account'), text('Name', 'Name', 120, { ...always, required: true }), area('Description', 'Description', 32_000),
    choice('StageName', 'Stage', [], { ...always, required: true, restricted: true }), money('Amount', 'Amount'), percent('Probability', 'Probability (%)'), money('ExpectedRevenue', 'Expected Amount', { createable: false, updateable: false }),
    day('CloseDate', 'Close Date', { ...always, required: true }), choice('Type', 'Opportunity Type', ['Existing Business', 'New Business']), text('NextStep', 'Next Step', 255), choice('LeadSource', 'Lead Source', sources),
    flag('IsClosed', 'Closed', byPlatform), flag('IsWon', 'Won', byPlatform), choice('ForecastCategory', 'Forecast Category', [], byPlatform), choice('ForecastCategoryName', 'Forecast Category', ['Omitted', 'Pipeline', 'Best Case', 'Commit', 'Closed']),
    flag('IsPrivate', 'Private'), flag('HasOpportunityLineItem', 'Has Line Item', byPlatform),
    // Object Reference, Opportunity: set on create only, and then kept by the primary contact role.
    lookup('ContactId', 'Contact ID', 'Contact', 'Contact', { ...always, updateable: false }),
    decimal(customersField, 'Automation runs', { scale: 0, custom: true, ...always }),
  ],
});

export const lead = createSObject({
  name: 'Lead', label: 'Lead', keyPrefix: '00Q', owned: true,
  fields: [
    personName, text('Company', 'Company', 255, { ...always, required: true }), text('Title', 'Title', 128), email('Email', 'Email'), phone('Phone', 'Phone'), phone('MobilePhone', 'Mobile Phone'), address('', 'Address', 'Lead'),
    url('Website', 'Website'), area('Description', 'Description', 32_000), choice('LeadSource', 'Lead Source', sources), choice('Industry', 'Industry', industries), choice('Rating', 'Rating', ['Hot', 'Warm', 'Cold']),
    choice('Status', 'Status', ['Open - Not Contacted', 'Working - Contacted', 'Closed - Converted', 'Closed - Not Converted'], { ...always, required: true, defaultValue: 'Open - Not Contacted' }),
    money('AnnualRevenue', 'Annual Revenue', { scale: 0 }), whole('NumberOfEmployees', 'Employees'),
    flag('IsConverted', 'Converted', byPlatform), day('ConvertedDate', 'Converted Date', byPlatform), lookup('ConvertedAccountId', 'Converted Account ID', 'Account', 'ConvertedAccount', byPlatform),
    lookup('ConvertedContactId', 'Converted Contact ID', 'Contact', 'ConvertedContact', byPlatform), lookup('ConvertedOpportunityId', 'Converted Opportunity ID', 'Opportunity', 'ConvertedOpportunity', byPlatform),
  ],
});

export const salesObjects: readonly SObject[] = [account, contact, opportunity, lead];
