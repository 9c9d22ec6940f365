// Solution model: the three security roles, privilege by privilege, each with its reason. Sources: what the adapter calls (plugins-proxy/adapters/dataverse)
// and Microsoft Learn, "Privileges by message" and "Privileges by entity".

export interface Privilege {
  readonly name: string;
  readonly level: 'Basic' | 'Local' | 'Deep' | 'Global';
  readonly reason: string;
}

export interface RoleModel {
  readonly name: 'Co-sell Seller' | 'Co-sell Administrator' | 'Co-sell Sync Service';
  readonly privileges: readonly Privilege[];
}

const all = (name: string, reason: string): Privilege => ({ name, level: 'Global', reason });

/** On top of a sales role, which brings the rights on opportunities: `prvWriteOpportunity` is also what the Custom API asks for. */
const seller: RoleModel = {
  name: 'Co-sell Seller',
  privileges: [all('prvReadcosell_solution', 'The list of products on the form reads the catalogue.')],
};

const administrator: RoleModel = {
  name: 'Co-sell Administrator',
  privileges: [
    all('prvCreatecosell_solution', 'Keeps the catalogue.'),
    all('prvReadcosell_solution', 'Keeps the catalogue.'),
    all('prvWritecosell_solution', 'Keeps the catalogue.'),
    all('prvDeletecosell_solution', 'Keeps the catalogue.'),
    all('prvAssigncosell_solution', 'Hands the catalogue to a colleague.'),
    all('prvAppendcosell_solution', 'Keeps the catalogue: rows that are imported name their owner.'),
    all('prvAppendTocosell_solution', 'Keeps the catalogue: rows that are imported name their owner.'),
    all('prvCreateServiceEndpoint', '"cosell setup dataverse" registers the address that Dataverse rings.'),
    all('prvReadServiceEndpoint', '"cosell setup dataverse" finds what it registered before.'),
    all('prvWriteServiceEndpoint', '"cosell setup dataverse" changes the address or its key.'),
    all('prvDeleteServiceEndpoint', '"cosell setup dataverse --remove" takes it away.'),
    all('prvCreateSdkMessageProcessingStep', '"cosell setup dataverse" registers the steps that ring.'),
    all('prvReadSdkMessageProcessingStep', '"cosell setup dataverse" finds what it registered before.'),
    all('prvWriteSdkMessageProcessingStep', '"cosell setup dataverse" changes the columns that a step listens to.'),
    all('prvDeleteSdkMessageProcessingStep', '"cosell setup dataverse" replaces a step and takes it away.'),
    all('prvReadSdkMessage', '"cosell setup dataverse" looks up the messages; their filters need no privilege.'),
  ],
};

const service: RoleModel = {
  name: 'Co-sell Sync Service',
  privileges: [
    all('prvReadOpportunity', 'Every run reads the opportunity; reconcile looks for changed ones.'),
    all('prvWriteOpportunity', 'Writes values, status, details and audit; wins, loses and reopens.'),
    all('prvCreateOpportunity', 'A new deal in Partner Center becomes an opportunity.'),
    all('prvAssignOpportunity', 'The new opportunity belongs to the member of its sales team who is a user here.'),
    all('prvAppendOpportunity', 'The opportunity names its account, contact and currency.'),
    all('prvAppendToOpportunity', 'Win and Lose hang a close activity on it.'),
    all('prvReadLead', 'Reconcile looks for changed leads.'),
    all('prvReadAccount', 'Customer name and address; finds the customer of a new deal.'),
    all('prvCreateAccount', 'Makes the customer of a new deal when nobody has it yet.'),
    all('prvAppendToAccount', 'Opportunity and contact name their account.'),
    all('prvReadContact', 'Customer contact; finds the contact of a new deal.'),
    all('prvCreateContact', 'Makes the contact of a new deal when nobody has it yet.'),
    all('prvAppendContact', 'The new contact names its account.'),
    all('prvAppendToContact', 'The opportunity names its contact.'),
    all('prvReadActivity', 'Why an opportunity was closed stands in its close activity.'),
    all('prvCreateActivity', 'Win and Lose make a close activity.'),
    all('prvAppendActivity', 'Win and Lose hang it on the opportunity.'),
    all('prvReadTransactionCurrency', 'Code and decimals of the currencies.'),
    all('prvAppendToTransactionCurrency', 'The opportunity names its currency.'),
    all('prvReadUser', 'Owner as sales team; finds the owner of a new deal; column permissions of its own user.'),
    all('prvReadOrganization', 'Decimals of money where the organisation sets them.'),
    all('prvReadEntity', 'Which columns there are.'),
    all('prvReadAttribute', 'Lengths, decimals and column security.'),
    all('prvReadServiceEndpoint', '"cosell doctor" compares the registered address.'),
    all('prvReadSdkMessageProcessingStep', '"cosell doctor" compares the registered steps.'),
    all('prvReadSdkMessage', '"cosell doctor" looks up the messages of the steps.'),
  ],
};

export const roles: readonly RoleModel[] = [seller, administrator, service];
