// As if somebody worked in Salesforce's own pages: the same saves and triggers, in that person's name, without the limits of the API user.
import { readId } from './ids';
import { toMoment, type Org } from './org';
import { notFound, Problem } from './problem';
import type { Caller } from './access';
import type { Row } from './rowStore';
import type { Cells, Field, SObject } from './schema/field';
import type { Circumstances } from './saving/noteWrite';
import { readValue } from './saving/readPayload';
import { deleteRow, mergeRows, undeleteRow } from './saving/removeRows';
import { stages } from './saving/picklists';
import { existing, saveRow, saveRows } from './saving/saveRows';
import { seedIds } from './seed';

type Values = Readonly<Record<string, unknown>>;

/** Every verb takes the user in whose name it happens, Dana when left out, and throws a Problem with the org's own words. */
export interface Person {
  /** Answers the new record's id. */
  create(object: string, values: Values, user?: string): string;
  edit(object: string, id: string, values: Values, user?: string): void;
  /** Several at once, as a list view or a data load does: triggers see up to 200 together. Records with an `Id` are changed. All or none; answers the ids. */
  saveMany(object: string, records: readonly Values[], user?: string): readonly string[];
  /** To the first active stage of that kind. */
  close(opportunityId: string, as: 'won' | 'lost', user?: string): void;
  reopen(opportunityId: string, user?: string): void;
  /** Products that come to this sum, or none any more: the amount is theirs from then on. */
  setProducts(opportunityId: string, total: number | null, user?: string): void;
  remove(object: string, id: string, user?: string): void;
  undelete(object: string, id: string, user?: string): void;
  /** Up to three into one, as the pages allow. */
  merge(object: 'Account' | 'Contact', masterId: string, loserIds: readonly string[], values?: Values, user?: string): void;
  convertLead(leadId: string, opportunity?: Values, user?: string): { readonly accountId: string; readonly contactId: string; readonly opportunityId: string };
}

export function createPerson(org: Org): Person {
  const by = (user: string = seedIds.dana): Circumstances => ({ caller: callerOf(org, user), origin: 'person', allowDuplicates: true });
  const named = (name: string): SObject => org.schema.object(name);
  const save = (object: SObject, id: string | undefined, values: Values, user?: string): Row => saveRow(org, object, { ...(id === undefined ? {} : { id: longId(id) }), cells: readValues(org, object, values) }, by(user));
  const toStage = (id: string, fits: (stage: Cells) => boolean, user?: string): void => {
    const stage = stages(org).find((one) => one.cells.IsActive === true && fits(one.cells));
    if (!stage) throw notFound('This org has no active stage of that kind.');
    save(named('Opportunity'), id, { StageName: stage.cells.ApiName }, user);
  };
  return {
    create: (object, values, user) => save(named(object), undefined, values, user).id,
    edit: (object, id, values, user) => void save(named(object), id, values, user),
    saveMany(object, records, user) {
      const changes = records.map(({ Id, ...values }) => ({ ...(typeof Id === 'string' ? { id: longId(Id) } : {}), cells: readValues(org, named(object), values) }));
      return org.store.transaction(() => saveRows(org, named(object), changes, by(user)).map((saved) => {
        if (saved.type === 'refused') throw saved.problem;
        return saved.row.id;
      }));
    },
    close: (id, as, user) => toStage(id, (stage) => stage.IsClosed === true && stage.IsWon === (as === 'won'), user),
    reopen: (id, user) => toStage(id, (stage) => stage.IsClosed === false, user),
    setProducts: (id, total, user) => void save(named('Opportunity'), id, { HasOpportunityLineItem: total !== null, ...(total === null ? {} : { Amount: total }) }, user),
    remove: (object, id, user) => deleteRow(org, named(object), longId(id), by(user)),
    undelete: (object, id, user) => void undeleteRow(org, named(object), longId(id), by(user)),
    merge(object, masterId, loserIds, values = {}, user) {
      if (loserIds.length < 1 || loserIds.length > 2) throw new Problem(400, 'INVALID_INPUT', 'A merge takes one or two records into a third.');
      mergeRows(org, named(object), longId(masterId), loserIds.map(longId), readValues(org, named(object), values), by(user));
    },
    convertLead: (leadId, opportunity = {}, user) => org.store.transaction(() => convert(org, save, longId(leadId), opportunity, by(user))),
  };
}

function callerOf(org: Org, user: string): Caller {
  const id = longId(user);
  if (org.store.get('User', id)?.cells.IsActive !== true) throw notFound(`There is no active user ${user}.`);
  return org.access.callerFor(id);
}

function longId(text: string): string {
  const id = readId(text);
  if (!id) throw new Problem(400, 'MALFORMED_ID', `${text} is no id of 15 or 18 characters.`);
  return id;
}

/** Values as somebody types them: browsers send line breaks as CR LF (Change Data Capture guide, "Considerations for Newline Characters"). Names of the package go without a namespace. */
function readValues(org: Org, object: SObject, values: Values): Cells {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => {
    const field: Field | undefined = object.fields.get(org.schema.packaged(name)) ?? object.fields.get(name);
    if (!field) throw new Problem(400, 'INVALID_FIELD', `${object.name} has no field ${name}.`);
    return [field.name, readValue(org, object, field, field.type === 'textarea' && typeof value === 'string' ? value.replace(/\r?\n/g, '\r\n') : value)];
  }));
}

/** Account, contact and opportunity from a lead, whose own fields are read-only afterwards. The package maps none of its lead fields: what goes along is what is given. */
function convert(org: Org, save: (object: SObject, id: string | undefined, values: Values, user?: string) => Row, leadId: string, opportunity: Values, by: Circumstances): { accountId: string; contactId: string; opportunityId: string } {
  const lead = existing(org, org.schema.object('Lead'), leadId);
  if (lead.cells.IsConverted === true) throw new Problem(400, 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
  const { userId } = by.caller;
  const { FirstName, LastName, Company, Email, Phone, MobilePhone } = lead.cells;
  const address = Object.fromEntries(['Street', 'City', 'State', 'PostalCode', 'Country'].map((part) => [`Billing${part}`, lead.cells[part]]));
  const account = save(org.schema.object('Account'), undefined, { Name: Company, ...address }, userId);
  const contact = save(org.schema.object('Contact'), undefined, { FirstName, LastName, Email, Phone, MobilePhone, AccountId: account.id }, userId);
  const first = stages(org).find((one) => one.cells.IsActive === true && one.cells.IsClosed === false)?.cells.ApiName;
  const closing = toMoment(org.now()).slice(0, 10);
  const deal = save(org.schema.object('Opportunity'), undefined, { Name: `${String(Company)}-`, StageName: first, CloseDate: closing, AccountId: account.id, ContactId: contact.id, ...opportunity }, userId);
  const converted: Cells = { IsConverted: true, ConvertedDate: closing, ConvertedAccountId: account.id, ConvertedContactId: contact.id, ConvertedOpportunityId: deal.id, Status: 'Closed - Converted' };
  saveRow(org, org.schema.object('Lead'), { id: leadId, cells: converted }, by);
  return { accountId: account.id, contactId: contact.id, opportunityId: deal.id };
}
