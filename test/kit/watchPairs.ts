// Test kit: what became of pairs of records in one world, for questions about what was written and what was not.
import { expect } from '@jest/globals';
import { seedIds } from '../../sandbox/dataverse/startDataverse';
import { status, type Row, type Seller } from './seller';
import { until, type World } from './world';

/** Looks of a test file at its world, which is made later, in beforeAll. */
export function watchPairs(world: () => World, seller: () => Seller) {
  const cells = (id: string): Row => world().dv.row('opportunity', id)?.cells ?? {};
  const referralOf = (id: string) => world().pc.referral(String(cells(id).cosell_referralidentifier))!;
  const named = (id: string) => world().pc.referrals().filter((each) => each.externalReferenceId === id && each.organizationId !== 'msft');
  const recordsOf = (referralId: string) => world().dv.rows('opportunity').filter((each) => each.cells.cosell_referralidentifier === referralId);
  const accounts = (name: string) => world().dv.rows('account').filter((each) => each.cells.name === name);
  const contacts = (email: string) => world().dv.rows('contact').filter((each) => each.cells.emailaddress1 === email);
  const isSynced = (id: string) => (): boolean => cells(id).cosell_syncstatus === status.synced && cells(id).cosell_referralidentifier !== undefined;

  async function shared(row: Row = {}): Promise<string> {
    const id = await seller().opportunity(row);
    await until('the opportunity is synced', isSynced(id), 20_000, () => cells(id));
    await world().quiet();
    return id;
  }

  /** Writes of the service on one record that carried one of these columns. */
  const carried = (id: string, ...columns: string[]) => world().dv.writes().filter((each) => each.id === id && each.user === seedIds.serviceUser && each.origin === 'request' && columns.some((column) => each.columns.includes(column)));
  const patches = (referralId: string) => world().pc.api.requests().filter((each) => each.kind === 'referral.patch' && each.path.includes(referralId) && each.status === 200);
  /** A referral without what the server itself goes on doing to it after its creation. */
  const unchanged = (referralId: string): string => JSON.stringify({ ...world().pc.referral(referralId), eTag: '', customerProfile: '' });
  const creates = (): number => (world().pc.counts()['referral.create'] ?? 0) + (world().pc.counts()['referral.createMicrosoft'] ?? 0);
  const forget = (): void => {
    world().pc.resetRequests();
    world().dv.resetWrites();
  };
  const neverInConflict = (): void => {
    for (const write of world().dv.writes()) expect(write.newValues.cosell_syncstatus).not.toBe(status.conflict);
  };
  const sameAmount = (id: string, amount: number) => (): boolean => cells(id).estimatedvalue === amount && Number(referralOf(id)?.details.dealValue) === amount && isSynced(id)();

  return { cells, referralOf, named, recordsOf, accounts, contacts, isSynced, shared, carried, patches, unchanged, creates, forget, neverInConflict, sameAmount };
}
