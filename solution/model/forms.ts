// Solution model: what stands on the tab that is added to the Opportunity form, and on the catalogue's own form.
import type { ControlName } from './controls';
import { tabLabel, word, type Words } from './words';

export interface CellModel {
  readonly column: string;
  readonly control?: ControlName;
  /** The control shows its own. */
  readonly noLabel?: true;
  /** Written by the service alone. */
  readonly readOnly?: true;
}

export interface SectionModel {
  readonly name: string;
  readonly label: Words;
  readonly cells: readonly CellModel[];
  /** Columns that controls and script need on the form, and nobody wants to see twice. */
  readonly hidden?: true;
}

export interface TabModel {
  readonly name: string;
  readonly label: Words;
  /** Left to right; on a narrow form one below the other. */
  readonly columns: readonly { readonly width: string; readonly sections: readonly SectionModel[] }[];
}

/** The Opportunity form of Dynamics 365 Sales (solution msdynce_Sales). Ours is a diff to it. */
export const opportunityForm = { id: 'a837e4a7-01b8-4f82-a475-be9abd67e667', label: { en: 'Opportunity', zh: '商机' } } as const;

const behindTheControls: SectionModel = {
  name: 'cosell_columns',
  label: word('field.status'),
  hidden: true,
  cells: [
    { column: 'cosell_notestomicrosoft' },
    { column: 'cosell_conflictchoices' },
    { column: 'cosell_requestedaction' },
    { column: 'cosell_requestedreason' },
    { column: 'cosell_referralidentifier', readOnly: true },
    { column: 'cosell_referrallink', readOnly: true },
    { column: 'cosell_microsoftreferralstatus', readOnly: true },
    { column: 'cosell_microsoftcrmidentifier', readOnly: true },
    { column: 'cosell_lastsyncedon', readOnly: true },
    { column: 'cosell_syncdetails', readOnly: true },
    { column: 'cosell_audit', readOnly: true },
  ],
};

export const partnerCenterTab: TabModel = {
  name: 'cosell_partnercenter',
  label: tabLabel,
  columns: [
    {
      width: '55%',
      sections: [
        {
          name: 'cosell_cosell', label: word('section.cosell'),
          cells: [
            { column: 'cosell_syncwithpartnercenter' },
            { column: 'cosell_products', control: 'ReferralProducts' },
            { column: 'cosell_referralvisibility' },
            { column: 'cosell_howcanmicrosofthelp', control: 'MicrosoftHelp', noLabel: true },
          ],
        },
      ],
    },
    {
      width: '45%',
      sections: [{ name: 'cosell_status', label: word('section.status'), cells: [{ column: 'cosell_syncstatus', control: 'SyncStatus', noLabel: true }] }, behindTheControls],
    },
  ],
};

export const catalogueTab: TabModel = {
  name: 'general',
  label: { en: 'General', zh: '常规' },
  columns: [
    {
      width: '100%',
      sections: [{ name: 'solution', label: { en: 'Solution', zh: '解决方案' }, cells: [{ column: 'cosell_name' }, { column: 'cosell_solutioncode' }, { column: 'cosell_solutiontype' }, { column: 'ownerid' }] }],
    },
  ],
};
