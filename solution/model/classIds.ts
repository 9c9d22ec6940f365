// Solution model: which control of the platform shows which kind of column.
import type { ColumnKind } from './columns';

export const classIds: Readonly<Record<ColumnKind | 'lookup', string>> = {
  text: '{4273EDBD-AC1D-40D3-9FB2-095C621B552D}',
  memo: '{E0DECE4B-6FC8-4A8F-A065-082708572369}',
  choice: '{3EF39988-22BB-4F0B-BBBE-64B5A3748AEE}',
  yesNo: '{67FAC785-CD58-4F9F-ABB3-4B7DDC6ED5ED}',
  url: '{71716B6C-711E-476C-8AB8-5D11542BFB47}',
  dateTime: '{5B773807-9FB2-42DB-97C3-7A91EFF8ADFF}',
  lookup: '{270BD3DB-D9AF-4782-9025-509E298DEC0A}',
};

/** A cell that a code component takes over. */
export const codeComponentClassId = '{F9A8A302-114E-466A-B582-6771B2AE0D92}';
