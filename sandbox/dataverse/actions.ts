// What is more than a write: winning, losing, qualifying a lead, and the Custom API that only rings.
import { randomUUID } from 'node:crypto';
import type { Caller } from './access';
import { createRow, type Circumstances } from './changeRows';
import type { Environment } from './environment';
import { choiceWire, entityWire, referenceWire, type Happening, type Pair } from './executionContext';
import { isReference, tableNamed, type Cell, type Cells } from './model';
import { badPayload, Problem, rowMissing } from './problem';
import { readPayload, wholeSeconds } from './readPayload';
import type { Row } from './rowStore';

/** WinOpportunity and LoseOpportunity: unbound, no return value; input shape and reasons in platform-facts.md section 6. */
export async function closeOpportunity(env: Environment, caller: Caller, message: 'Win' | 'Lose', body: unknown, tag?: string): Promise<void> {
  const table = tableNamed('opportunity');
  env.access.demand(caller, 'Write', table);
  const { row, close, closeId, reason } = readClosing(env, message, body);
  const by: Circumstances = { caller, origin: 'platform', tag, mayClose: true };
  const happening = actionHappening(message, 'opportunity', row.id, caller, tag, () => [
    { key: 'OpportunityClose', value: entityWire(env.store, tableNamed('opportunityclose'), closeId, close) },
    { key: 'Status', value: choiceWire(reason) },
  ]);
  await env.steps.runSync(happening);
  const stillOpen = env.store.get('opportunity', row.id);
  if (stillOpen?.cells.statecode !== 0) throw alreadyClosed();
  await createRow(env, tableNamed('opportunityclose'), closeId, close, by);
  // Whether an inner Update reaches Update steps is not documented (platform-facts.md section 6): it does not here, so nobody can rely on it.
  storeSilently(env, row, closedCells(env, message, stillOpen, close, reason), by);
  env.steps.queue(happening);
}

interface Closing {
  readonly row: Row;
  readonly close: Cells;
  readonly closeId: string;
  readonly reason: number;
}

function readClosing(env: Environment, message: 'Win' | 'Lose', body: unknown): Closing {
  const { Status: status, OpportunityClose: given } = (body ?? {}) as { Status?: unknown; OpportunityClose?: unknown };
  const change = readPayload(env.store, tableNamed('opportunityclose'), given);
  const about = change.cells.opportunityid;
  if (!isReference(about)) throw badPayload('opportunitycloses', 'OpportunityClose needs opportunityid@odata.bind.');
  const row = env.store.get('opportunity', about.id);
  if (!row) throw rowMissing('opportunity', about.id);
  if (row.cells.statecode !== 0) throw alreadyClosed();
  const state = message === 'Win' ? 1 : 2;
  const reason = tableNamed('opportunity').columns.get('statuscode')?.choices?.find((one) => one.value === status && one.state === state);
  if (!reason) throw new Problem(400, '0x80048408', `${String(status)} is not a valid status code for ${message} on opportunity with Id ${row.id}.`);
  return { row, close: { ...change.cells, statecode: 1, statuscode: 2, opportunitystatuscode: reason.value }, closeId: change.id ?? randomUUID(), reason: reason.value };
}

const alreadyClosed = (): Problem => new Problem(400, '0x80040216', 'The opportunity has already been closed. Reopen it first.');

function closedCells(env: Environment, message: 'Win' | 'Lose', row: Row, close: Cells, reason: number): Cells {
  const end = typeof close.actualend === 'string' ? close.actualend : new Date(env.now()).toISOString();
  const revenue: Cell = close.actualrevenue ?? (message === 'Win' ? (row.cells.estimatedvalue ?? null) : 0);
  return { statecode: message === 'Win' ? 1 : 2, statuscode: reason, actualclosedate: end.slice(0, 10), actualvalue: revenue };
}

/** A write by the platform itself that rings no Update step. */
function storeSilently(env: Environment, row: Row, cells: Cells, by: Circumstances): void {
  const before = env.store.get(row.table, row.id) ?? row;
  const stamps: Cells = { modifiedon: wholeSeconds(env.now()), modifiedby: { table: 'systemuser', id: by.caller.id } };
  env.store.put(row.table, row.id, { ...before.cells, ...cells, ...stamps });
  const oldValues = Object.fromEntries(Object.keys(cells).map((name) => [name, before.cells[name] ?? null]));
  env.store.note({ table: row.table, id: row.id, message: 'Update', user: by.caller.id, origin: 'platform', columns: Object.keys(cells), at: new Date(env.now()).toISOString(), oldValues, newValues: cells });
}

/** QualifyLead: makes the asked-for rows, closes the lead as qualified and answers what it made. */
export async function qualifyLead(env: Environment, caller: Caller, id: string, body: unknown, tag?: string): Promise<readonly { table: string; id: string }[]> {
  const input = (body ?? {}) as { CreateAccount?: unknown; CreateContact?: unknown; CreateOpportunity?: unknown; Status?: unknown };
  const lead = env.store.get('lead', id);
  env.access.demand(caller, 'Write', tableNamed('lead'));
  if (!lead) throw rowMissing('lead', id);
  if (lead.cells.statecode !== 0) throw new Problem(400, '0x80040216', 'The lead is already closed.');
  if (input.Status !== 3) throw new Problem(400, '0x80048408', `${String(input.Status)} is not a valid status code for state code Qualified on lead with Id ${id}.`);
  const by: Circumstances = { caller, origin: 'platform', tag, mayClose: true };
  let made: readonly { table: string; id: string }[] = [];
  const happening: Happening = {
    ...actionHappening('QualifyLead', 'lead', id, caller, tag, () => [
      { key: 'LeadId', value: referenceWire({ table: 'lead', id }) }, { key: 'CreateAccount', value: input.CreateAccount === true }, { key: 'CreateContact', value: input.CreateContact === true },
      { key: 'CreateOpportunity', value: input.CreateOpportunity === true }, { key: 'Status', value: choiceWire(3) },
    ]),
    outputs: () => [{ key: 'CreatedEntities', value: made.map(referenceWire) }],
  };
  await env.steps.runSync(happening);
  made = await makeFromLead(env, lead, input, by);
  const opportunity = made.find((one) => one.table === 'opportunity');
  storeSilently(env, lead, { statecode: 1, statuscode: 3, qualifyingopportunityid: opportunity ?? null }, by);
  env.steps.queue(happening);
  return made;
}

async function makeFromLead(env: Environment, lead: Row, input: { CreateAccount?: unknown; CreateContact?: unknown; CreateOpportunity?: unknown }, by: Circumstances): Promise<readonly { table: string; id: string }[]> {
  const { cells } = lead;
  const address = Object.fromEntries(Object.entries(cells).filter(([name]) => name.startsWith('address1_')));
  const make = async (table: string, given: Cells): Promise<{ table: string; id: string }> => ({ table, id: (await createRow(env, tableNamed(table), undefined, given, { ...by, depth: 2 })).id });
  const account = input.CreateAccount === true ? await make('account', { name: cells.companyname ?? cells.fullname ?? null, ...address }) : undefined;
  const person = { firstname: cells.firstname ?? null, lastname: cells.lastname ?? null, emailaddress1: cells.emailaddress1 ?? null, telephone1: cells.telephone1 ?? null, ...address };
  const contact = input.CreateContact === true ? await make('contact', { ...person, parentcustomerid: account ?? null }) : undefined;
  const deal: Cells = {
    name: cells.subject ?? null, description: cells.description ?? null, estimatedvalue: cells.estimatedamount ?? null, estimatedclosedate: cells.estimatedclosedate ?? null, transactioncurrencyid: cells.transactioncurrencyid ?? null,
    originatingleadid: { table: 'lead', id: lead.id }, parentaccountid: account ?? cells.parentaccountid ?? null, parentcontactid: contact ?? cells.parentcontactid ?? null, customerid: account ?? contact ?? null,
  };
  const opportunity = input.CreateOpportunity === true ? await make('opportunity', deal) : undefined;
  return [account, contact, opportunity].filter((one) => one !== undefined);
}

/** A Custom API without a plug-in: allowed, does nothing itself, and its message carries steps (platform-facts.md section 3). */
export async function callCustomApi(env: Environment, caller: Caller, api: Row, id: string, tag?: string): Promise<void> {
  const table = tableNamed(String(api.cells.boundentitylogicalname));
  if (api.cells.executeprivilegename === `prvWrite${table.label}`) env.access.demand(caller, 'Write', table);
  if (!env.store.get(table.name, id)) throw rowMissing(table.name, id);
  // Binding to a table adds a parameter Target by itself (platform-facts.md section 3).
  const happening = actionHappening(String(api.cells.uniquename), table.name, id, caller, tag, () => [{ key: 'Target', value: referenceWire({ table: table.name, id }) }]);
  await env.steps.runSync(happening);
  env.steps.queue(happening);
}

const actionHappening = (message: string, table: string, id: string, caller: Caller, tag: string | undefined, inputs: () => readonly Pair[]): Happening => ({
  message, table, id, user: caller.id, carried: [], depth: 1, tag, inputs, outputs: () => [],
});

