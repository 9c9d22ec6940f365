// What a step posts to a webhook: a RemoteExecutionContext, written as WCF's DataContractJsonSerializer writes it.
import { randomUUID } from 'node:crypto';
import { businessUnitOf } from './access';
import type { Column, Table } from './metadata/table';
import { isReference, tableNamed, type Cell, type Cells, type Reference } from './model';
import { formatCell, nameOf } from './presentRow';
import type { Row, RowStore } from './rowStore';

export interface Pair {
  readonly key: string;
  readonly value: unknown;
}

/** One thing that happened in the environment, as steps see it. */
export interface Happening {
  readonly message: string;
  readonly table: string;
  readonly id: string;
  readonly user: string;
  /** Columns present in the request, changed or not (platform-facts.md section 4). */
  readonly carried: readonly string[];
  readonly inputs: () => readonly Pair[];
  readonly outputs: () => readonly Pair[];
  /** 1 for a caller's own request, 2 for what a plug-in does inside it. */
  readonly depth: number;
  readonly tag?: string;
}

// __type must be the first member (dataverse.md section 3); the order of members here is the order on the wire.
const TYPE = (name: string): string => `${name}:http://schemas.microsoft.com/xrm/2011/Contracts`;

export const referenceWire = (reference: Reference): unknown => ({ __type: TYPE('EntityReference'), Id: reference.id, KeyAttributes: [], LogicalName: reference.table, Name: null, RowVersion: null });

export const choiceWire = (value: number): unknown => ({ __type: TYPE('OptionSetValue'), Value: value });

/** Create and Update targets, OpportunityClose: the given cells and the row's own id. */
export function entityWire(store: RowStore, table: Table, id: string, cells: Cells): unknown {
  const row: Row = { table: table.name, id, version: 0, cells: { ...store.get(table.name, id)?.cells, ...cells } };
  const columns = Object.keys(cells).flatMap((name) => table.columns.get(name) ?? []).filter((column) => !column.hidden);
  const formatted = columns.flatMap((column) => {
    const value = cells[column.name] ?? null;
    const text = isReference(value) ? undefined : formatCell(store, column, value, row);
    return text === undefined ? [] : [{ key: column.name, value: text }];
  });
  return {
    __type: TYPE('Entity'),
    Attributes: [...columns.map((column) => ({ key: column.name, value: cellWire(column, cells[column.name] ?? null) })), { key: table.id, value: id }],
    EntityState: null, FormattedValues: formatted, Id: id, KeyAttributes: [], LogicalName: table.name, RelatedEntities: [], RowVersion: null,
  };
}

function cellWire(column: Column, cell: Cell): unknown {
  if (cell === null) return null;
  if (isReference(cell)) return referenceWire(cell);
  if (column.choices && typeof cell === 'number') return choiceWire(cell);
  if (column.type === 'money') return { __type: TYPE('Money'), Value: cell };
  if (column.type === 'date' || column.type === 'datetime') return wcfDate(Date.parse(String(cell)));
  return cell;
}

/** Milliseconds of UTC; an offset may follow and shifts nothing (dataverse.md section 3): here it does every other millisecond. */
const wcfDate = (at: number): string => `/Date(${at}${at % 2 === 0 ? '' : '-0700'})/`;

export interface Occasion {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly at: number;
  readonly mode: number;
  readonly stage: number;
  readonly step: Row;
}

/** Bytes above which parts are left out and a header says so (dataverse.md section 3). */
export const LARGEST_CONTEXT = 256 * 1024;

export interface Message {
  readonly body: string;
  readonly exceeded: boolean;
  readonly correlationId: string;
}

export function writeContext(store: RowStore, happening: Happening, occasion: Occasion): Message {
  const context = executionContext(store, happening, occasion);
  const whole = serialize(context);
  if (Buffer.byteLength(whole) <= LARGEST_CONTEXT) return { body: whole, exceeded: false, correlationId: context.CorrelationId };
  const { ParentContext: _parent, InputParameters: _inputs, PreEntityImages: _pre, PostEntityImages: _post, ...rest } = context;
  return { body: serialize(rest), exceeded: true, correlationId: context.CorrelationId };
}

/** The serializer escapes every slash; that is still the same JSON. */
const serialize = (value: unknown): string => JSON.stringify(value).replaceAll('/', '\\/');

function executionContext(store: RowStore, happening: Happening, occasion: Occasion): { CorrelationId: string; [member: string]: unknown } {
  return {
    BusinessUnitId: businessUnitOf(store, happening.user) ?? null,
    CorrelationId: randomUUID(),
    Depth: happening.depth,
    InitiatingUserAgent: null,
    InitiatingUserAzureActiveDirectoryObjectId: store.get('systemuser', happening.user)?.cells.azureactivedirectoryobjectid ?? '00000000-0000-0000-0000-000000000000',
    InitiatingUserId: happening.user,
    InputParameters: happening.inputs(),
    IsExecutingOffline: false,
    IsInTransaction: occasion.mode === 0,
    IsOfflinePlayback: false,
    IsolationMode: 1,
    MessageName: happening.message,
    Mode: occasion.mode,
    OperationCreatedOn: wcfDate(occasion.at),
    OperationId: occasion.mode === 1 ? randomUUID() : '00000000-0000-0000-0000-000000000000',
    OrganizationId: occasion.organizationId,
    OrganizationName: occasion.organizationName,
    OutputParameters: happening.outputs(),
    // No __type here (dataverse.md section 3).
    OwningExtension: { Id: occasion.step.id, KeyAttributes: [], LogicalName: 'sdkmessageprocessingstep', Name: occasion.step.cells.name ?? null, RowVersion: null },
    ParentContext: happening.depth > 1 ? parentContext(happening, occasion) : null,
    PostEntityImages: occasion.mode === 1 ? primaryNameImage(store, happening) : [],
    PreEntityImages: [],
    // Win, Lose and QualifyLead have no Target: what they are about stands in their input (platform-facts.md section 6), and which id stands here is not documented.
    PrimaryEntityId: ABOUT_THEIR_INPUT.has(happening.message) ? NOBODY : happening.id,
    PrimaryEntityName: happening.table,
    RequestId: randomUUID(),
    SecondaryEntityName: 'none',
    SharedVariables: happening.tag === undefined ? [] : [{ key: 'tag', value: happening.tag }],
    Stage: occasion.stage,
    UserAzureActiveDirectoryObjectId: '00000000-0000-0000-0000-000000000000',
    UserId: happening.user,
  };
}

/** What a plug-in does inside somebody's request carries that request, stage 30 (dataverse.md section 3), and so a second id and a second message. */
const parentContext = (happening: Happening, occasion: Occasion): unknown => ({
  CorrelationId: randomUUID(), Depth: happening.depth - 1, InitiatingUserId: happening.user, InputParameters: [{ key: 'Target', value: referenceWire({ table: 'systemuser', id: happening.user }) }], IsExecutingOffline: false, IsInTransaction: true,
  IsOfflinePlayback: false, IsolationMode: 1, MessageName: 'Assign', Mode: 0, OperationCreatedOn: wcfDate(occasion.at), OperationId: NOBODY, OrganizationId: occasion.organizationId, OrganizationName: occasion.organizationName, OutputParameters: [],
  OwningExtension: null, ParentContext: null, PostEntityImages: [], PreEntityImages: [], PrimaryEntityId: happening.user, PrimaryEntityName: 'systemuser', RequestId: randomUUID(), SecondaryEntityName: 'none', SharedVariables: [], Stage: 30, UserId: happening.user,
});

const NOBODY = '00000000-0000-0000-0000-000000000000';
const ABOUT_THEIR_INPUT = new Set(['Win', 'Lose', 'QualifyLead']);

/** Asynchronous steps get it without asking (dataverse.md section 3); an image value carries no __type. */
function primaryNameImage(store: RowStore, happening: Happening): readonly Pair[] {
  const table = tableNamed(happening.table);
  const name = nameOf(store, happening.table, happening.id);
  if (name === undefined) return [];
  const attributes = [{ key: table.primaryName, value: name }, { key: table.id, value: happening.id }];
  return [{ key: 'AsynchronousStepPrimaryName', value: { Attributes: attributes, EntityState: null, FormattedValues: [], Id: happening.id, KeyAttributes: [], LogicalName: table.name, RelatedEntities: [], RowVersion: null } }];
}
