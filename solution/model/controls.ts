// Solution model: the three code components, and which column each of their properties takes on the opportunity form.

export type ControlName = 'MicrosoftHelp' | 'ReferralProducts' | 'SyncStatus';

export interface ControlModel {
  /** Folder under controls/ and constructor. */
  readonly folder: ControlName;
  /** Publisher prefix, namespace and constructor: the name in the package. */
  readonly name: string;
  /** The column whose cell the control takes over, and every property with its column and type as the manifest names them. The first is that column's own. */
  readonly properties: readonly (readonly [property: string, column: string, type: string])[];
}

export const controls: readonly ControlModel[] = [
  {
    folder: 'MicrosoftHelp', name: 'cosell_CoSell.MicrosoftHelp',
    properties: [
      ['help', 'cosell_howcanmicrosofthelp', 'OptionSet'],
      ['notes', 'cosell_notestomicrosoft', 'Multiple'],
      ['identifier', 'cosell_referralidentifier', 'SingleLine.Text'],
      ['details', 'cosell_syncdetails', 'Multiple'],
    ],
  },
  { folder: 'ReferralProducts', name: 'cosell_CoSell.ReferralProducts', properties: [['products', 'cosell_products', 'Multiple']] },
  {
    folder: 'SyncStatus', name: 'cosell_CoSell.SyncStatus',
    properties: [
      ['status', 'cosell_syncstatus', 'OptionSet'],
      ['details', 'cosell_syncdetails', 'Multiple'],
      ['audit', 'cosell_audit', 'Multiple'],
      ['lastSyncedOn', 'cosell_lastsyncedon', 'DateAndTime.DateAndTime'],
      ['identifier', 'cosell_referralidentifier', 'SingleLine.Text'],
      ['link', 'cosell_referrallink', 'SingleLine.URL'],
      ['microsoftStatus', 'cosell_microsoftreferralstatus', 'SingleLine.Text'],
      ['microsoftCrmId', 'cosell_microsoftcrmidentifier', 'SingleLine.Text'],
      ['sync', 'cosell_syncwithpartnercenter', 'TwoOptions'],
      ['customer', 'parentaccountid', 'Lookup.Simple'],
      ['conflictChoices', 'cosell_conflictchoices', 'Multiple'],
      ['requestedAction', 'cosell_requestedaction', 'OptionSet'],
      ['requestedReason', 'cosell_requestedreason', 'SingleLine.Text'],
      ['topic', 'name', 'SingleLine.Text'],
      ['dealValue', 'estimatedvalue', 'Currency'],
      ['closingDate', 'estimatedclosedate', 'DateAndTime.DateOnly'],
      ['contact', 'parentcontactid', 'Lookup.Simple'],
      ['products', 'cosell_products', 'Multiple'],
      ['help', 'cosell_howcanmicrosofthelp', 'OptionSet'],
      ['visibility', 'cosell_referralvisibility', 'OptionSet'],
      ['notes', 'cosell_notestomicrosoft', 'Multiple'],
    ],
  },
];
