// Solution model: the columns on opportunity and lead (contract, "Fields"). One row a column; names, lengths and order stay for ever.
import { both, word, type Words } from './words';

export type ColumnKind = 'yesNo' | 'text' | 'url' | 'memo' | 'choice' | 'dateTime';

export interface ColumnModel {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Characters, for texts. */
  readonly length?: number;
  readonly label: Words;
  /** Shown to the seller when the pointer rests on the label, and to whoever customises. */
  readonly about: Words;
  /** On lead, too. */
  readonly lead?: true;
  /** Written by people: kept in Dataverse's own audit. What the service writes would only fill it. */
  readonly audited?: true;
  readonly required?: true;
}

/** A choice column's global choice has the column's own name. */
export const columns: readonly ColumnModel[] = [
  { name: 'cosell_syncwithpartnercenter', kind: 'yesNo', lead: true, audited: true, label: word('fld.sync'), about: word('sync.hint') },
  {
    name: 'cosell_referralidentifier', kind: 'text', length: 100, lead: true, label: word('fld.refid'),
    about: both('Id of the referral in Partner Center. Written by the sync service.', '合作伙伴中心中的引荐标识符。由同步服务写入。'),
  },
  {
    name: 'cosell_referrallink', kind: 'url', length: 500, lead: true, label: word('fld.link'),
    about: both('Opens the referral in Partner Center. Written by the sync service.', '在合作伙伴中心打开引荐。由同步服务写入。'),
  },
  {
    name: 'cosell_howcanmicrosofthelp', kind: 'choice', audited: true, label: word('fld.help'),
    about: both('What Microsoft is asked to do. Empty: no help is asked.', '请求 Microsoft 提供的帮助。留空表示不需要帮助。'),
  },
  {
    name: 'cosell_notestomicrosoft', kind: 'memo', length: 2_000, audited: true, label: word('fld.notes'),
    about: both('What the Microsoft seller should know. Microsoft reads it once help is asked.', 'Microsoft 销售人员应了解的信息。请求帮助后 Microsoft 即可看到。'),
  },
  {
    name: 'cosell_products', kind: 'memo', length: 4_000, audited: true, label: word('fld.products'),
    about: both('Solution IDs of the products in this deal, a semicolon between them, at most 50.', '此交易所含产品的解决方案 ID，以分号分隔，最多 50 个。'),
  },
  {
    name: 'cosell_referralvisibility', kind: 'choice', audited: true, label: word('fld.visibility'),
    about: both('Who at Microsoft can see this deal.', 'Microsoft 中谁可以看到此交易。'),
  },
  {
    name: 'cosell_syncstatus', kind: 'choice', lead: true, label: word('section.status'),
    about: both('Whether Partner Center holds the same values as this record.', '合作伙伴中心与此记录的值是否一致。'),
  },
  {
    name: 'cosell_syncdetails', kind: 'memo', length: 20_000, lead: true, label: word('fld.details'),
    about: both('Reasons, conflicts and progress behind the sync status, read by the control on the form.', '同步状态背后的原因、冲突和进度，由窗体上的控件读取。'),
  },
  {
    name: 'cosell_conflictchoices', kind: 'memo', length: 20_000, audited: true, label: word('fld.choices'),
    about: both('What the seller keeps of each field that was changed on both sides. Emptied once carried out.', '对两边都修改过的字段，销售人员选择保留的值。执行后清空。'),
  },
  {
    name: 'cosell_requestedaction', kind: 'choice', lead: true, audited: true, label: word('fld.action'),
    about: both('What the seller asks the sync service to do. Emptied once carried out.', '销售人员请求同步服务执行的操作。执行后清空。'),
  },
  {
    name: 'cosell_requestedreason', kind: 'text', length: 250, lead: true, audited: true, label: word('fld.reason'),
    about: both('Why a deal is declined; Microsoft is told.', '拒绝交易的原因，会告知 Microsoft。'),
  },
  {
    name: 'cosell_microsoftreferralstatus', kind: 'text', length: 100, lead: true, label: word('fld.msstatus'),
    about: both('Status of Microsoft’s own referral in this deal. Written by the sync service.', 'Microsoft 自己在此交易中的引荐状态。由同步服务写入。'),
  },
  {
    name: 'cosell_microsoftcrmidentifier', kind: 'text', length: 100, label: word('fld.mscrm'),
    about: both('Number of this deal in Microsoft’s own CRM. Written by the sync service.', '此交易在 Microsoft 自己的 CRM 中的编号。由同步服务写入。'),
  },
  {
    name: 'cosell_lastsyncedon', kind: 'dateTime', lead: true, label: word('fld.lastsynced'),
    about: both('When both sides last held the same values. Written by the sync service.', '两边的值上次一致的时间。由同步服务写入。'),
  },
  {
    name: 'cosell_audit', kind: 'memo', length: 100_000, lead: true, label: word('fld.audit'),
    about: both('What was synced, newest first. Written by the sync service.', '同步内容的记录，最新的在最前。由同步服务写入。'),
  },
];

/** Alternate key on both tables: no two records can hold one referral. */
export const referralKey = { name: 'cosell_referralidentifier_key', columns: ['cosell_referralidentifier'], label: word('fld.refid') } as const;
