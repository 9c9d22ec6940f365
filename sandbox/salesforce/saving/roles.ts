// The primary contact: one role of an opportunity at most, and the opportunity's own ContactId follows it (Object Reference, OpportunityContactRole and Opportunity).
import { numberedId } from '../ids';
import { toMoment, type Org } from '../org';
import { isDeleted, type Row } from '../rowStore';
import type { Cells, SObject } from '../schema/field';
import { noteWrite, type Circumstances } from './noteWrite';

/** What a save brings with it: a role for the contact of a new opportunity, and no second primary role. No trigger of the opportunity runs. */
export function followRoles(org: Org, object: SObject, row: Row, given: Cells, by: Circumstances): void {
  if (object.name === 'Opportunity' && typeof given.ContactId === 'string') addPrimaryRole(org, row, given.ContactId, by);
  if (object.name !== 'OpportunityContactRole') return;
  const opportunity = String(row.cells.OpportunityId);
  if (row.cells.IsPrimary === true) for (const other of rolesOf(org, opportunity)) if (other.id !== row.id && other.cells.IsPrimary === true) quietly(org, other, { IsPrimary: false }, by);
  setContact(org, opportunity, by);
}

/** After a role went. */
export function setContact(org: Org, opportunityId: string, by: Circumstances): void {
  const primary = rolesOf(org, opportunityId).find((role) => role.cells.IsPrimary === true)?.cells.ContactId ?? null;
  const opportunity = org.store.get('Opportunity', opportunityId);
  if (opportunity && (opportunity.cells.ContactId ?? null) !== primary) quietly(org, opportunity, { ContactId: primary }, by);
}

const rolesOf = (org: Org, opportunity: string): readonly Row[] => org.store.list('OpportunityContactRole').filter((role) => !isDeleted(role) && role.cells.OpportunityId === opportunity);

function addPrimaryRole(org: Org, opportunity: Row, contact: string, by: Circumstances): void {
  const now = toMoment(org.now());
  const id = numberedId('00K', org.store.nextNumber());
  const cells: Cells = { OpportunityId: opportunity.id, ContactId: contact, Role: null, IsPrimary: true, IsDeleted: false, CreatedDate: now, CreatedById: by.caller.userId, LastModifiedDate: now, LastModifiedById: by.caller.userId, SystemModstamp: now };
  noteWrite(org, 'Create', undefined, org.store.put('OpportunityContactRole', id, cells), ['OpportunityId', 'ContactId', 'IsPrimary'], { ...by, origin: 'platform' });
}

/** A change of the platform's own: no trigger, no rule; only the system's stamp moves. */
export function quietly(org: Org, row: Row, cells: Cells, by: Circumstances): void {
  const after = org.store.put(row.object, row.id, { ...row.cells, ...cells, SystemModstamp: toMoment(org.now()) });
  noteWrite(org, 'Update', row, after, Object.keys(cells), { ...by, origin: 'platform' });
}
