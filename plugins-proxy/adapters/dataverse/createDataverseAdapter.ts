// The CRM port for Dynamics 365: one GET reads a record with all it hangs on, one PATCH under its version writes it.
import { reason, type CrmSnapshot, type Reason } from '../../../core/index';
import type { Created, CrmChange, CrmDescription, CrmPort, CrmRead, CrmRef, CrmWritten, NewRecord } from '../../ports/crm';
import { RemoteFailure } from '../../ports/failure';
import type { Timings } from '../../timings';
import type { SignIn } from '../signIn/createSignIn';
import { stableId } from '../stableId';
import { changedSince } from './changedSince';
import { changeToColumns } from './changeToColumns';
import { closeOpportunity, statusReason } from './closeOpportunity';
import { ensureContact, ensureCustomer, findUserByEmail, matchContact, matchCustomer } from './customers';
import { createDataverseClient, errorOf, type DataverseAnswer, type Row } from './dataverseClient';
import { describe } from './describe';
import { canonicalId } from './ids';
import type { MappedKind, Mapping, MappingTable } from './mapping';
import { refusalReasons } from './refusals';
import { readQueryOf, selectOf } from './rowQuery';
import { rowToSnapshot, type RowContext } from './rowToSnapshot';
import { createFacts } from './tableFacts';

export interface DataverseAdapterOptions {
  /** `https://org.crm.dynamics.com` */
  readonly url: string;
  readonly signIn: SignIn;
  readonly mapping: Mapping;
  readonly timings: Pick<Timings, 'connect' | 'answer'>;
}

export interface DataverseAdapter extends CrmPort {
  /** As `identity`, with a token that nobody has been given yet: for the check at every sign-in. @throws RemoteFailure */
  identityWith(token: string, signal?: AbortSignal): Promise<{ readonly organizationId: string; readonly userId: string }>;
  /** Status label and what the seller wrote while closing, as Partner Center's status reason; `null` when there is nothing. @throws RemoteFailure */
  statusReason(ref: CrmRef, signal?: AbortSignal): Promise<string | null>;
  /** Forgets what was learnt from the metadata. */
  refresh(): void;
  /** Ends the open connections. */
  dispose(): Promise<void>;
}

/** Key violated: another row holds the identifier (Learn, "Web service error codes", DuplicateRecordEntityKey). */
const KEY_TAKEN = '0x80060892';
const CONNECTION = 'dataverse';
const DISPLAY_NAME = 'Dynamics 365';

/** @throws Error on an address that is no URL; its calls throw RemoteFailure */
export function createDataverseAdapter({ url, signIn, mapping, timings }: DataverseAdapterOptions): DataverseAdapter {
  const client = createDataverseClient({ connection: CONNECTION, displayName: DISPLAY_NAME, url, signIn, timings });
  const facts = createFacts(client);

  const tableOf = (kind: MappedKind): MappingTable => {
    const table = mapping.tables[kind];
    if (!table) throw new RemoteFailure(`The field mapping has no table ${kind}. Add it, then run "cosell mapping check".`, { connection: CONNECTION, class: 'bug', surelyNotSent: true });
    return table;
  };
  const contextOf = async (kind: MappedKind): Promise<RowContext> => {
    const table = tableOf(kind);
    // People's columns are platform columns that nobody can secure; currencies are learnt whole.
    const names = [...new Set([kind, ...['customer', 'contact'].map((name) => table.parties[name as 'customer' | 'contact']?.table)])].filter((name) => name !== undefined);
    const [currencies, ...tables] = await Promise.all([facts.currencies(), ...names.map((name) => facts.table(name))]);
    return { kind, table, facts: new Map(names.map((name, at) => [name, tables[at] ?? new Map()])), currencies };
  };
  const refuse = (answer: DataverseAnswer, sent: readonly string[], context: RowContext): readonly Reason[] =>
    refusalReasons({ status: answer.status, body: answer.body, sent, table: context.table, facts: context.facts.get(context.kind), displayName: DISPLAY_NAME });

  const read = async (ref: CrmRef, signal?: AbortSignal): Promise<CrmRead> => {
    const context = await contextOf(ref.kind);
    const path = `${context.table.set}(${ref.id})?${readQueryOf(context.table, ref.kind)}`;
    const answer = await client.send({ method: 'GET', path, what: `read the ${ref.kind}`, signal });
    if (answer.status === 404) return { type: 'gone' };
    if (answer.status >= 300) throw notRead(answer, ref);
    const snapshot = rowToSnapshot(answer.body, context);
    if (!snapshot) throw new Error('A row that was read whole needs no base.');
    return { type: 'found', snapshot };
  };

  const write = async (ref: CrmRef, change: CrmChange, base: CrmSnapshot, signal?: AbortSignal): Promise<CrmWritten> => {
    const context = await contextOf(ref.kind);
    const planned = changeToColumns(change.values, change.present, { ...context, displayName: DISPLAY_NAME }, base);
    if (planned.type === 'refused') return planned;
    const sent = Object.keys(planned.columns);
    if (sent.length === 0) return { type: 'written', snapshot: base };
    const path = `${context.table.set}(${ref.id})?$select=${selectOf(context.table, ref.kind)}`;
    const headers = { 'if-match': base.version, prefer: 'return=representation' };
    const answer = await client.send({ method: 'PATCH', path, what: `write the ${ref.kind}`, headers, body: planned.columns, signal });
    if (answer.status === 412) return errorOf(answer.body).code === KEY_TAKEN ? keyTaken() : { type: 'stale' };
    if (answer.status === 404) return { type: 'gone' };
    if (answer.status >= 300) return { type: 'refused', reasons: refuse(answer, sent, context) };
    const snapshot = rowToSnapshot(answer.body, context, base);
    return snapshot ? { type: 'written', snapshot } : writtenByReading(await read(ref, signal));
  };

  const create = async (record: NewRecord, signal?: AbortSignal): Promise<Created> => {
    const context = await contextOf('opportunity');
    const planned = changeToColumns(record.values, record.present, { ...context, displayName: DISPLAY_NAME });
    if (planned.type === 'refused') return planned;
    const columns = { ...planned.columns, ...partyBindings(record) };
    const id = plannedId(record.referralId);
    const answer = await client.send({ method: 'PATCH', path: `${context.table.set}(${id})`, what: 'make the opportunity', headers: { 'if-none-match': '*' }, body: columns, signal });
    const ref: CrmRef = { kind: 'opportunity', id };
    if (answer.status === 412) return errorOf(answer.body).code === KEY_TAKEN && (await read(ref, signal)).type === 'gone' ? keyTaken() : { type: 'exists', id };
    if (answer.status >= 300) return { type: 'refused', reasons: refuse(answer, Object.keys(columns), context) };
    // The parties' cells have no base to be taken from: a new record is read once.
    const made = await read(ref, signal);
    return made.type === 'found' ? { type: 'created', id, snapshot: made.snapshot } : { type: 'exists', id };
  };

  const identityWith = async (token: string | undefined, signal?: AbortSignal): Promise<{ organizationId: string; userId: string }> => {
    const { body } = await client.get('WhoAmI', 'ask who the service is', { signal, ...(token === undefined ? {} : { token }) });
    return { organizationId: canonicalId(String(body.OrganizationId)) ?? '', userId: canonicalId(String(body.UserId)) ?? '' };
  };

  return {
    connection: CONNECTION,
    displayName: DISPLAY_NAME,
    read,
    readAnew(ref, signal) {
      facts.refresh();
      return read(ref, signal);
    },
    write,
    create,
    async close(ref, as, why, signal) {
      const context = await contextOf(ref.kind);
      return closeOpportunity(client, ref, as, why, (answer) => refuse(answer, [statusColumn(context.table)], context), signal);
    },
    matchCustomer: (customer, signal) => matchCustomer(client, customer, signal),
    ensureCustomer: (key, customer, signal) => ensureCustomer(client, key, customer, signal),
    matchContact: (customerId, person, signal) => matchContact(client, customerId, person, signal),
    ensureContact: (key, customerId, person, signal) => ensureContact(client, key, customerId, person, signal),
    findUserByEmail: (emails, signal) => findUserByEmail(client, emails, signal),
    changedSince: (kind, mark, next, signal) => changedSince(client, kind, mark, next, signal),
    describe: (): Promise<CrmDescription> => describe(facts, mapping),
    identity: (signal) => identityWith(undefined, signal),
    identityWith,
    statusReason: (ref, signal) => statusReason(client, ref, signal),
    canonicalId,
    keyFor: stableId,
    plannedId,
    refresh: () => facts.refresh(),
    dispose: () => client.close(),
  };
}

/** A new row goes under an id of our choice: the same referral, the same row. */
const plannedId = (referralId: string): string => stableId(`referral:${referralId.toLowerCase()}`);

const statusColumn = (table: MappingTable): string => table.rows.find((row) => row.type === 'state')?.columns.value ?? 'statecode';

const keyTaken = (): { type: 'refused'; reasons: readonly Reason[] } => ({ type: 'refused', reasons: [reason('linked-elsewhere', 'externalReferenceId')] });

/** A party changed with our own write (a customer's plug-in did it): the whole row is what counts. */
const writtenByReading = (read: CrmRead): CrmWritten => (read.type === 'gone' ? read : { type: 'written', snapshot: read.snapshot, readAfter: true });

function notRead(answer: DataverseAnswer, ref: CrmRef): RemoteFailure {
  const { code } = errorOf(answer.body);
  if (answer.status === 403) {
    return new RemoteFailure(`${DISPLAY_NAME} does not let the service read this ${ref.kind}. Give its user the role Co-sell Sync Service.`, { connection: CONNECTION, class: 'forbidden', status: 403, surelyNotSent: true });
  }
  return new RemoteFailure(`${DISPLAY_NAME} did not understand how to read the ${ref.kind} (${answer.status} ${code}). Is the solution installed? Run "cosell doctor".`, { connection: CONNECTION, class: 'bug', status: answer.status });
}

const partyBindings = ({ customerId, contactId, ownerId }: NewRecord): Row => ({
  ...(customerId === null ? {} : { 'parentaccountid@odata.bind': `/accounts(${customerId})` }),
  ...(contactId === null ? {} : { 'parentcontactid@odata.bind': `/contacts(${contactId})` }),
  ...(ownerId === null ? {} : { 'ownerid@odata.bind': `/systemusers(${ownerId})` }),
});

