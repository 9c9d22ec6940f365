// The record that a Dataverse event is about: a RemoteExecutionContext gives its id in another place for each message.
import { isRecord, type JsonRecord } from './parseJson';
import type { CrmBell } from './bell';
import { toGuid } from './guid';

export type DataverseEvent =
  | { readonly type: 'bells'; readonly bells: readonly Omit<CrmBell, 'connection'>[]; readonly organizationId: string | undefined }
  | { readonly type: 'ignored' }
  | { readonly type: 'malformed' };

type Kind = CrmBell['kind'];
const kinds: readonly string[] = ['opportunity', 'lead', 'account', 'contact'] satisfies Kind[];
const isKind = (table: string): table is Kind => kinds.includes(table);

/** Messages that come with the record itself as target. */
const plainMessages = new Set(['create', 'update', 'delete', 'upsert', 'assign', 'setstate', 'setstatedynamicentity', 'restore']);
const manyMessages = new Set(['createmultiple', 'updatemultiple', 'upsertmultiple', 'deletemultiple']);
const SYNC_REFERRAL = 'cosell_syncreferral';

/** @param context the body; over 256 KB Dataverse strips InputParameters, and PrimaryEntityId is all there is */
export function readDataverseEvent(context: JsonRecord): DataverseEvent {
  const message = lower(context.MessageName);
  const table = lower(context.PrimaryEntityName);
  if (message === undefined || table === undefined) return { type: 'malformed' };
  const about = aboutOf(message, table, context);
  if (!about) return { type: 'ignored' };
  const ids = [...new Set(about.ids.filter((id): id is string => id !== undefined))];
  if (ids.length === 0) return { type: 'malformed' };
  const bells = ids.map((id) => ({ type: 'crm' as const, kind: about.kind, id, priority: priorityOf(message, about.kind) }));
  return { type: 'bells', bells, organizationId: toGuid(context.OrganizationId) };
}

const lower = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value.toLowerCase() : undefined);

interface About {
  readonly kind: Kind;
  readonly ids: readonly (string | undefined)[];
}

function aboutOf(message: string, table: string, context: JsonRecord): About | undefined {
  const input = (name: string): unknown => valueOf(context.InputParameters, name);
  const primary = toGuid(context.PrimaryEntityId);
  switch (message) {
    case 'win':
    case 'lose':
    case 'winopportunity':
    case 'loseopportunity':
      // The input is the closing activity; the opportunity is one of its attributes (the activity's own id is of no use).
      return { kind: 'opportunity', ids: [idOf(valueOf(attributesOf(input('OpportunityClose')), 'opportunityid')) ?? (table === 'opportunity' ? primary : undefined)] };
    case 'qualifylead':
      return { kind: 'lead', ids: [idOf(input('LeadId')) ?? (table === 'lead' ? primary : undefined)] };
    case SYNC_REFERRAL:
      return { kind: 'opportunity', ids: [idOf(input('Target')) ?? primary] };
    default:
      return isKind(table) ? aboutRecord(message, table, primary, input) : undefined;
  }
}

function aboutRecord(message: string, kind: Kind, primary: string | undefined, input: (name: string) => unknown): About | undefined {
  if (plainMessages.has(message)) return { kind, ids: [primary ?? idOf(input('Target')) ?? idOf(input('EntityMoniker'))] };
  if (!manyMessages.has(message)) return undefined;
  const targets = input('Targets');
  const entities = isRecord(targets) && Array.isArray(targets.Entities) ? (targets.Entities as readonly unknown[]) : [];
  return { kind, ids: [...entities.map(idOf), primary] };
}

/** Entity and EntityReference both carry `Id`. */
const idOf = (value: unknown): string | undefined => (isRecord(value) && !('__value' in value) ? toGuid(value.Id) : toGuid(value));

const attributesOf = (entity: unknown): unknown => (isRecord(entity) ? entity.Attributes : undefined);

/** A member of a collection, which WCF writes as `[{"key","value"}]`. */
function valueOf(collection: unknown, key: string): unknown {
  if (!Array.isArray(collection)) return undefined;
  const found = (collection as readonly unknown[]).find((each) => isRecord(each) && each.key === key);
  return isRecord(found) ? found.value : undefined;
}

/** A person who pressed or saved waits for the Custom API's bell; a customer's record concerns many links and is in no hurry. */
function priorityOf(message: string, kind: Kind): CrmBell['priority'] {
  if (message === SYNC_REFERRAL) return 0;
  return kind === 'account' || kind === 'contact' ? 5 : 1;
}
