// Solution model: the table of solutions that can be sold, from which sellers pick under Products.
import type { ColumnModel } from './columns';
import { both, word } from './words';

export const catalogue = {
  name: 'cosell_solution',
  set: 'cosell_solutions',
  label: both('Co-sell solution', '联合销售解决方案'),
  plural: both('Co-sell solutions', '联合销售解决方案'),
  about: both('Solutions of your company that can be sold together with Microsoft, under the IDs that Partner Center gave them.', '贵公司可与 Microsoft 联合销售的解决方案，使用合作伙伴中心分配的 ID。'),
  key: { name: 'cosell_solutioncode_key', columns: ['cosell_solutioncode'], label: both('Solution ID', '解决方案 ID') },
} as const;

/** The first is the table's primary name. */
export const catalogueColumns: readonly ColumnModel[] = [
  { name: 'cosell_name', kind: 'text', length: 200, required: true, audited: true, label: word('field.name'), about: both('Name of the solution as your sellers know it.', '销售人员所熟知的解决方案名称。') },
  {
    name: 'cosell_solutioncode', kind: 'text', length: 100, required: true, audited: true, label: both('Solution ID', '解决方案 ID'),
    about: both('ID of the solution in Partner Center, such as SOL-20417-KPD. No two rows can hold the same one.', '解决方案在合作伙伴中心的 ID，例如 SOL-20417-KPD。不能有两行使用相同的 ID。'),
  },
  { name: 'cosell_solutiontype', kind: 'text', length: 100, audited: true, label: both('Solution type', '解决方案类型'), about: both('Kind of solution, shown beside its name: Services, IP and so on.', '解决方案的类别，显示在名称旁：服务、IP 等。') },
];
