// Solution model: the views. A column that a cell shows is fetched; a hidden cell hands its column to the icon's tooltip.
import { catalogue } from './catalogue';
import { both, type Words } from './words';

export interface ViewCellModel {
  readonly column: string;
  readonly width: number;
  readonly icon?: true;
  readonly hidden?: true;
}

export interface ConditionModel {
  readonly column: string;
  readonly operator: string;
  readonly value?: string;
}

export interface ViewModel {
  /** Never shown; names the view's id in ids.json. */
  readonly key: string;
  readonly table: string;
  readonly rowId: string;
  /** The column whose text opens the record. */
  readonly jump: string;
  readonly label: Words;
  readonly about?: Words;
  /** 0 a list, 1 advanced find, 2 associated, 4 quick find, 64 lookup (savedquery.querytype). */
  readonly type: 0 | 1 | 2 | 4 | 64;
  readonly isDefault?: true;
  readonly cells: readonly ViewCellModel[];
  readonly order?: { readonly column: string; readonly descending: boolean };
  readonly conditions: readonly ConditionModel[];
  /** One of the conditions is enough. */
  readonly anyOf?: true;
  /** Columns that quick find searches. */
  readonly searched?: readonly string[];
}

const coSellOpportunities: ViewModel = {
  key: 'co-sell opportunities',
  table: 'opportunity', rowId: 'opportunityid', jump: 'name',
  label: both('Co-sell opportunities', '联合销售商机'),
  about: both('Opportunities that are or were shared with Microsoft Partner Center, with their sync status.', '正在或曾经与 Microsoft 合作伙伴中心共享的商机及其同步状态。'),
  type: 0,
  cells: [
    { column: 'cosell_syncstatus', width: 60, icon: true },
    { column: 'name', width: 300 },
    { column: 'parentaccountid', width: 180 },
    { column: 'estimatedvalue', width: 120 },
    { column: 'estimatedclosedate', width: 120 },
    { column: 'cosell_microsoftreferralstatus', width: 150 },
    { column: 'cosell_lastsyncedon', width: 150 },
    { column: 'ownerid', width: 140 },
    { column: 'cosell_syncdetails', width: 100, hidden: true },
  ],
  order: { column: 'cosell_lastsyncedon', descending: true },
  // Also those that were shared once and are not kept in step any more: Microsoft still has them.
  conditions: [{ column: 'cosell_syncwithpartnercenter', operator: 'eq', value: '1' }, { column: 'cosell_referralidentifier', operator: 'not-null' }],
  anyOf: true,
};

const catalogueCells: readonly ViewCellModel[] = [
  { column: 'cosell_name', width: 300 },
  { column: 'cosell_solutioncode', width: 160 },
  { column: 'cosell_solutiontype', width: 160 },
];
const active: ConditionModel = { column: 'statecode', operator: 'eq', value: '0' };
const ofCatalogue = { table: catalogue.name, rowId: `${catalogue.name}id`, jump: 'cosell_name', cells: catalogueCells, order: { column: 'cosell_name', descending: false } } as const;

export const views: readonly ViewModel[] = [
  coSellOpportunities,
  { ...ofCatalogue, key: 'active solutions', type: 0, isDefault: true, conditions: [active], label: both('Active co-sell solutions', '可用的联合销售解决方案') },
  { ...ofCatalogue, key: 'inactive solutions', type: 0, conditions: [{ ...active, value: '1' }], label: both('Inactive co-sell solutions', '停用的联合销售解决方案') },
  { ...ofCatalogue, key: 'advanced find of solutions', type: 1, isDefault: true, conditions: [], label: both('Co-sell solution advanced find view', '联合销售解决方案高级查找视图') },
  { ...ofCatalogue, key: 'associated solutions', type: 2, isDefault: true, conditions: [active], label: both('Co-sell solution associated view', '联合销售解决方案关联视图') },
  {
    ...ofCatalogue, key: 'quick find of solutions', type: 4, isDefault: true, conditions: [active], searched: ['cosell_name', 'cosell_solutioncode'],
    label: both('Quick find active co-sell solutions', '快速查找可用的联合销售解决方案'),
  },
  { ...ofCatalogue, key: 'lookup of solutions', type: 64, isDefault: true, conditions: [active], label: both('Co-sell solution lookup view', '联合销售解决方案查找视图') },
];
