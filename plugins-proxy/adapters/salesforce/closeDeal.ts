// Wins and loses deals: a stage is written like any field, and says by itself whether the deal is closed and won.
import type { Reason } from '../../../core/index';
import type { CrmRef } from '../../ports/crm';
import { failed, DISPLAY_NAME } from './failures';
import { readDeal, type Deals } from './readDeal';
import type { MappingRow } from './mapping';
import type { OrgFacts, Stage } from './orgFacts';
import type { RecordContext } from './recordToSnapshot';
import { isGone, patchDeal, refusedBy, settled } from './writeDeal';
import { quoted } from './soql';

export type Closed = { readonly type: 'closed' } | { readonly type: 'gone' } | { readonly type: 'refused'; readonly reasons: readonly Reason[] };

/** A stage lost and one that Microsoft closed otherwise: the mapping may tell them apart, an org by itself does not. */
const words = { won: ['Won'], lost: ['Lost'], canceled: ['Declined', 'Lost'] } as const;
const statuses = { won: 'Won', lost: 'Lost', canceled: 'Lost' } as const;
const MOST_TRIES = 4;

/** A deal that is closed as wanted already is left alone, whatever its stage. @throws RemoteFailure */
export async function closeDeal(deals: Deals, ref: CrmRef, as: keyof typeof words, signal?: AbortSignal): Promise<Closed> {
  for (let round = 0; round < MOST_TRIES; round += 1) {
    const read = await readDeal(deals, ref, signal);
    if (read.type === 'gone') return read;
    const now = read.snapshot.cells.status;
    if (now?.kind === 'value' && now.value === statuses[as]) return { type: 'closed' };
    const context = await deals.contextOf(ref.kind);
    const { row, stage } = stageFor(context, as);
    const since = await settled(deals, ref, read.snapshot, signal);
    if (since.type === 'gone') return since;
    if (since.type === 'stale') continue;
    const fields = { [row.columns.value ?? '']: stage };
    const answer = await patchDeal(deals, ref, context, fields, since.modifiedOn, signal);
    if (answer.status === 412) continue;
    if (isGone(answer)) return { type: 'gone' };
    return answer.status >= 300 ? { type: 'refused', reasons: refusedBy(answer, fields, context) } : { type: 'closed' };
  }
  throw failed(`Somebody keeps writing to the ${ref.kind} in ${DISPLAY_NAME}. It is tried again by itself.`, { class: 'remote', surelyNotSent: true });
}

function stageFor({ table, facts }: RecordContext, as: keyof typeof words): { readonly row: MappingRow; readonly stage: string } {
  const row = table.rows.find((each) => each.type === 'state');
  const mapped = words[as].map((word) => row?.choices?.[word]).find((stage) => stage !== undefined);
  const stage = mapped ?? firstStage(facts, as === 'won' ? 'won' : 'lost');
  if (!row || stage === undefined) throw failed(`${DISPLAY_NAME} has no active stage that is ${as === 'won' ? 'won' : 'lost'}. Add one, or name one in the field mapping.`, { class: 'bug', surelyNotSent: true });
  return { row, stage };
}

/** The first active one by sort order (contract, "Salesforce, fine print"). */
export const firstStage = ({ stages }: OrgFacts, kind: Stage['kind']): string | undefined => stages.find((stage) => stage.kind === kind)?.name;

/** The label of the stage, for Partner Center's status reason; `null` when the deal is gone. @throws RemoteFailure */
export async function statusReason({ client, contextOf }: Deals, ref: CrmRef, signal?: AbortSignal): Promise<string | null> {
  const { table, facts } = await contextOf(ref.kind);
  const column = table.rows.find((each) => each.type === 'state')?.columns.value;
  if (column === undefined) return null;
  const { records } = await client.query(`SELECT ${column} FROM ${table.set} WHERE Id = ${quoted(ref.id)}`, `read the ${ref.kind}`, { signal });
  const name = records[0]?.[column];
  return typeof name === 'string' ? (facts.stages.find((stage) => stage.name === name)?.label ?? name) : null;
}
