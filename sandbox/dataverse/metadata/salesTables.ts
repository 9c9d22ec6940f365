// The tables that sellers work in, with the lengths and choices that Dynamics 365 Sales ships.
import { choice, choicesFrom, createTable, day, guid, lookup, memo, moment, money, text, whole, yesNo, type Choice, type Column, type Table } from './table';
import { cosellColumns, leadCosellColumns, referralKey } from './cosellColumns';

const active: readonly Choice[] = [{ value: 0, label: 'Active' }, { value: 1, label: 'Inactive' }];
const activeReasons: readonly Choice[] = [{ value: 1, label: 'Active', state: 0 }, { value: 2, label: 'Inactive', state: 1 }];

const address: readonly Column[] = [
  text('address1_line1', 250, { label: 'Street 1' }), text('address1_line2', 250, { label: 'Street 2' }), text('address1_city', 80, { label: 'City' }),
  text('address1_stateorprovince', 50, { label: 'State/Province' }), text('address1_postalcode', 20, { label: 'ZIP/Postal Code' }), text('address1_country', 80, { label: 'Country/Region' }),
];

/** A column of the customer's own, which their plug-in writes; nobody maps it. */
export const customerPlugInColumn = 'new_touchcount';
const customerColumns: readonly Column[] = [whole(customerPlugInColumn, { label: 'Touches', custom: true }), text('new_region', 100, { label: 'Region', custom: true })];

const opportunity = createTable({
  name: 'opportunity', set: 'opportunities', code: 3, label: 'Opportunity', owned: true, currency: true,
  // State and reasons: platform-facts.md section 6 (3 won, 4 cancelled, 5 out-sold).
  states: [{ value: 0, label: 'Open' }, { value: 1, label: 'Won' }, { value: 2, label: 'Lost' }],
  reasons: [
    { value: 1, label: 'In Progress', state: 0 }, { value: 2, label: 'On Hold', state: 0 }, { value: 3, label: 'Won', state: 1 }, { value: 4, label: 'Canceled', state: 2 }, { value: 5, label: 'Out-Sold', state: 2 },
  ],
  keys: [referralKey],
  columns: [
    text('name', 300, { label: 'Topic', required: true }), memo('description', 2_000, { label: 'Description' }),
    money('estimatedvalue', { label: 'Est. Revenue', securable: true }), money('actualvalue', { label: 'Actual Revenue' }),
    yesNo('isrevenuesystemcalculated', { label: 'Revenue' }),
    day('estimatedclosedate', { label: 'Est. Close Date' }), day('actualclosedate', { label: 'Actual Close Date' }),
    whole('closeprobability', { label: 'Probability', min: 0, max: 100 }), text('stepname', 200, { label: 'Pipeline Phase' }),
    choice('opportunityratingcode', choicesFrom(1, ['Hot', 'Warm', 'Cold']), { label: 'Rating' }),
    choice('salesstage', choicesFrom(0, ['Qualify', 'Develop', 'Propose', 'Close']), { label: 'Sales Stage' }),
    lookup('parentaccountid', 'account', { label: 'Account' }), lookup('parentcontactid', 'contact', { label: 'Contact' }),
    lookup('customerid', [{ name: 'customerid_account', table: 'account' }, { name: 'customerid_contact', table: 'contact' }], { label: 'Potential Customer' }),
    lookup('originatingleadid', 'lead', { label: 'Originating Lead' }),
    ...cosellColumns, ...customerColumns,
  ],
});

const lead = createTable({
  name: 'lead', set: 'leads', code: 4, label: 'Lead', owned: true, currency: true, primaryName: 'fullname',
  states: [{ value: 0, label: 'Open' }, { value: 1, label: 'Qualified' }, { value: 2, label: 'Disqualified' }],
  reasons: [
    { value: 1, label: 'New', state: 0 }, { value: 2, label: 'Contacted', state: 0 }, { value: 3, label: 'Qualified', state: 1 }, { value: 4, label: 'Lost', state: 2 },
    { value: 5, label: 'Cannot Contact', state: 2 }, { value: 6, label: 'No Longer Interested', state: 2 }, { value: 7, label: 'Canceled', state: 2 },
  ],
  keys: [referralKey],
  columns: [
    text('subject', 300, { label: 'Topic' }), text('firstname', 50, { label: 'First Name' }), text('lastname', 50, { label: 'Last Name', required: true }),
    text('fullname', 160, { label: 'Name', readOnly: true }), text('companyname', 100, { label: 'Company Name' }), memo('description', 2_000, { label: 'Description' }),
    text('emailaddress1', 100, { label: 'Email', format: 'Email' }), text('telephone1', 50, { label: 'Business Phone' }), text('jobtitle', 100, { label: 'Job Title' }),
    money('estimatedamount', { label: 'Est. Value' }), day('estimatedclosedate', { label: 'Est. Close Date' }), ...address,
    lookup('parentaccountid', 'account', { label: 'Parent Account for lead' }), lookup('parentcontactid', 'contact', { label: 'Parent Contact for lead' }),
    lookup('qualifyingopportunityid', 'opportunity', { label: 'Qualifying Opportunity' }),
    ...leadCosellColumns, ...customerColumns,
  ],
});

const account = createTable({
  name: 'account', set: 'accounts', code: 1, label: 'Account', owned: true, currency: true, states: active, reasons: activeReasons,
  columns: [
    text('name', 160, { label: 'Account Name', required: true }), text('accountnumber', 20, { label: 'Account Number' }), text('emailaddress1', 100, { label: 'Email', format: 'Email' }),
    text('telephone1', 50, { label: 'Main Phone' }), text('websiteurl', 200, { label: 'Website', format: 'Url' }), memo('description', 2_000, { label: 'Description' }),
    memo('address1_composite', 1_000, { label: 'Address 1', readOnly: true }), ...address,
    lookup('primarycontactid', 'contact', { label: 'Primary Contact' }), lookup('parentaccountid', 'account', { label: 'Parent Account' }),
    yesNo('merged', { label: 'Merged', readOnly: true }), lookup('masterid', 'account', { label: 'Master ID', readOnly: true }),
  ],
});

const contact = createTable({
  name: 'contact', set: 'contacts', code: 2, label: 'Contact', owned: true, currency: true, primaryName: 'fullname', states: active, reasons: activeReasons,
  columns: [
    text('firstname', 50, { label: 'First Name' }), text('lastname', 50, { label: 'Last Name', required: true }), text('fullname', 160, { label: 'Full Name', readOnly: true }),
    text('emailaddress1', 100, { label: 'Email', format: 'Email' }), text('telephone1', 50, { label: 'Business Phone' }), text('mobilephone', 50, { label: 'Mobile Phone' }), text('jobtitle', 100, { label: 'Job Title' }), ...address,
    lookup('parentcustomerid', [{ name: 'parentcustomerid_account', table: 'account' }, { name: 'parentcustomerid_contact', table: 'contact' }], { label: 'Company Name' }),
    yesNo('merged', { label: 'Merged', readOnly: true }), lookup('masterid', 'contact', { label: 'Master ID', readOnly: true }),
  ],
});

const opportunityclose = createTable({
  name: 'opportunityclose', set: 'opportunitycloses', code: 4208, label: 'Opportunity Close', owned: true, currency: true, primaryName: 'subject',
  states: [{ value: 0, label: 'Open' }, { value: 1, label: 'Completed' }, { value: 2, label: 'Canceled' }],
  reasons: [{ value: 1, label: 'Open', state: 0 }, { value: 2, label: 'Completed', state: 1 }, { value: 3, label: 'Canceled', state: 2 }],
  columns: [
    text('subject', 200, { label: 'Subject', required: true }), memo('description', 2_000, { label: 'Description' }), moment('actualend', { label: 'Actual End' }), money('actualrevenue', { label: 'Actual Revenue' }),
    lookup('opportunityid', 'opportunity', { label: 'Opportunity' }), choice('opportunitystatuscode', [{ value: 3, label: 'Won' }, { value: 4, label: 'Canceled' }, { value: 5, label: 'Out-Sold' }], { label: 'Status Reason of the opportunity' }),
    guid('competitorid', { label: 'Competitor' }),
  ],
});

const solution = createTable({
  name: 'cosell_solution', set: 'cosell_solutions', code: 10_501, label: 'Co-sell solution', owned: true, primaryName: 'cosell_name', states: active, reasons: activeReasons,
  keys: [{ name: 'cosell_solutioncode_key', label: 'Solution ID', columns: ['cosell_solutioncode'] }],
  columns: [text('cosell_name', 200, { label: 'Name', custom: true, required: true }), text('cosell_solutioncode', 100, { label: 'Solution ID', custom: true }), text('cosell_solutiontype', 100, { label: 'Solution type', custom: true })],
});

export const salesTables: readonly Table[] = [opportunity, lead, account, contact, opportunityclose, solution];
