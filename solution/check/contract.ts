// Checker: the names that customers, scripts and the other half of the product rely on, written down once more and on purpose: the model can be edited,
// what is out there cannot.
import type { Kind } from './tables';

export interface PromisedColumn {
  readonly kind: Kind;
  readonly length?: number;
  readonly lead?: true;
}

export const promisedColumns: Readonly<Record<string, PromisedColumn>> = {
  cosell_syncwithpartnercenter: { kind: 'yesNo', lead: true },
  cosell_referralidentifier: { kind: 'text', length: 100, lead: true },
  cosell_referrallink: { kind: 'url', length: 500, lead: true },
  cosell_howcanmicrosofthelp: { kind: 'choice' },
  cosell_notestomicrosoft: { kind: 'memo', length: 2_000 },
  cosell_products: { kind: 'memo', length: 4_000 },
  cosell_referralvisibility: { kind: 'choice' },
  cosell_syncstatus: { kind: 'choice', lead: true },
  cosell_syncdetails: { kind: 'memo', length: 20_000, lead: true },
  cosell_conflictchoices: { kind: 'memo', length: 20_000 },
  cosell_requestedaction: { kind: 'choice', lead: true },
  cosell_requestedreason: { kind: 'text', length: 250, lead: true },
  cosell_microsoftreferralstatus: { kind: 'text', length: 100, lead: true },
  cosell_microsoftcrmidentifier: { kind: 'text', length: 100 },
  cosell_lastsyncedon: { kind: 'dateTime', lead: true },
  cosell_audit: { kind: 'memo', length: 100_000, lead: true },
};

export const promisedCatalogueColumns: Readonly<Record<string, PromisedColumn>> = {
  cosell_solutionid: { kind: 'key' },
  cosell_name: { kind: 'text' },
  cosell_solutioncode: { kind: 'text', length: 100 },
  cosell_solutiontype: { kind: 'text' },
};

/** Numbers in the order of the contract, from the first on. */
export const firstChoice = 481_200_000;
export const promisedChoices: Readonly<Record<string, readonly string[]>> = {
  cosell_syncstatus: ['Not shared', 'Pending', 'Synced', 'Needs attention', 'Conflict', 'Failed'],
  cosell_howcanmicrosofthelp: [
    'Workload-specific value proposition', 'Customer technical architecture', 'Proof of concept or demo', 'Quotes or licensing', 'Post-sales customer success', 'General or other',
  ],
  cosell_referralvisibility: ['Private', 'Visible to Microsoft sellers'],
  cosell_requestedaction: ['Sync now', 'Accept', 'Decline'],
};

/** Alternate keys by the table that has them. */
export const promisedKeys: Readonly<Record<string, { readonly name: string; readonly column: string }>> = {
  opportunity: { name: 'cosell_referralidentifier_key', column: 'cosell_referralidentifier' },
  lead: { name: 'cosell_referralidentifier_key', column: 'cosell_referralidentifier' },
  cosell_solution: { name: 'cosell_solutioncode_key', column: 'cosell_solutioncode' },
};

export const promisedControls = ['cosell_CoSell.MicrosoftHelp', 'cosell_CoSell.ReferralProducts', 'cosell_CoSell.SyncStatus'] as const;
export const promisedWebResources = ['cosell_/CoSell.js', ...['notshared', 'pending', 'synced', 'attention', 'conflict', 'failed'].map((name) => `cosell_/icons/${name}.png`)];
export const promisedRoles = ['Co-sell Seller', 'Co-sell Administrator', 'Co-sell Sync Service'] as const;
export const promisedTab = 'cosell_partnercenter';
export const promisedSections = ['cosell_cosell', 'cosell_status'] as const;

/** What the Custom API says of itself, element by element. */
export const promisedCustomApi: Readonly<Record<string, string>> = {
  name: 'cosell_SyncReferral', bindingtype: '1', boundentitylogicalname: 'opportunity', allowedcustomprocessingsteptype: '2', isfunction: '0', isprivate: '0', executeprivilegename: 'prvWriteOpportunity',
};

export const promisedManifest: Readonly<Record<string, string>> = { UniqueName: 'CosellReferralSync', CustomizationPrefix: 'cosell', CustomizationOptionValuePrefix: '48120' };
