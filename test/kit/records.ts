// What tests look at: an opportunity, what Sync details tell, its referral at Partner Center, and what was written and what was not.
import { expect } from '@jest/globals';
import type { Conflict, Reason, SyncDetails, SyncStatus } from '../../core/index';
import type { CountedRequest } from '../../sandbox/kit/standIn';
import type { CrmWrite, Deal, TestCrm, Typed } from './crm';
import { until, type World } from './world';

export type Referral = NonNullable<ReturnType<World['pc']['referral']>>;

export interface Records {
  /** @throws when there is no such opportunity */
  deal(id: string): Deal;
  /** Sync details as the record shows them; empty when it shows none. */
  details(id: string): SyncDetails;
  reasons(id: string): readonly Reason[];
  conflicts(id: string): readonly Conflict[];
  /** Our own referral of a record. @throws when it shows none */
  referral(id: string): Referral;
  /** Our own referrals that name a record. */
  referralsOf(id: string): readonly Referral[];
  /** The opportunities that carry a referral's identifier. */
  dealsOf(referralId: string): readonly Deal[];
  /** Waits until a new deal of the portal stands in the CRM; the id of its opportunity. */
  arrived(referralId: string, ms?: number): Promise<string>;
  isSynced(id: string): boolean;
  /** Both sides hold this amount, and the record says ✔. */
  isAmount(id: string, amount: number): boolean;
  /** Saves a shareable opportunity and waits for its ✔ and the end of its echoes. */
  shared(typed?: Typed): Promise<string>;
  reaches(id: string, wanted: SyncStatus, ms?: number): Promise<void>;
  /** Waits until the record gives a reason, and gives it back. */
  shows(id: string, code: string, ms?: number): Promise<Reason>;
  /** Edits both sides before any bell is heard: the bells come when all is done. */
  whileNobodyLooks(edit: () => Promise<unknown> | void): Promise<void>;
  /** Every status that the record ever showed, in order. */
  statusesShown(id: string): readonly SyncStatus[];
  neverInConflict(): void;
  /** Writes of the service on one record that carried one of these fields. */
  carried(id: string, ...fields: readonly (keyof Deal)[]): readonly CrmWrite[];
  /** Writes of the service on a referral that were taken. */
  patches(referralId: string): readonly CountedRequest[];
  /** How many referrals the service asked for since `forget`. */
  creates(): number;
  /** A referral without what the server itself goes on doing to it after its creation. */
  unchanged(referralId: string): string;
  /** Counts and writes begin anew. */
  forget(): void;
}

/** The looks of a test at its world, which may be made later. */
export function createRecords(world: () => World, crm: () => TestCrm = () => world().crm): Records {
  const deal: Records['deal'] = (id) => {
    const found = crm().deal(id);
    if (!found) throw new Error(`There is no opportunity ${id}.`);
    return found;
  };
  const details: Records['details'] = (id) => JSON.parse(deal(id).details ?? '{}') as SyncDetails;
  const reasons: Records['reasons'] = (id) => details(id).reasons ?? [];
  const told = (id: string) => (): unknown => crm().deal(id);
  const isSynced: Records['isSynced'] = (id) => deal(id).status === 'synced' && deal(id).identifier !== null;
  const referralOf = (id: string): Referral | undefined => world().pc.referral(String(crm().deal(id)?.identifier));
  const statusesShown: Records['statusesShown'] = (id) => crm().writes().flatMap((each) => (each.id === id && each.status ? [each.status] : []));
  const dealsOf: Records['dealsOf'] = (referralId) => crm().deals().filter((each) => each.identifier === referralId);
  const reaches: Records['reaches'] = async (id, wanted, ms = 20_000) => {
    await until(`the record is ${wanted}`, () => deal(id).status === wanted, ms, told(id));
  };
  return {
    deal, details, reasons, reaches, isSynced, dealsOf, statusesShown,
    conflicts: (id) => details(id).conflicts ?? [],
    referral(id) {
      const found = referralOf(id);
      if (!found) throw new Error(`The record ${id} shows no referral.`);
      return found;
    },
    referralsOf: (id) => world().pc.referrals().filter((each) => each.externalReferenceId === id && each.organizationId !== 'msft'),
    arrived: async (referralId, ms = 20_000) => (await until('the opportunity stands', () => dealsOf(referralId)[0], ms)).id,
    isAmount: (id, amount) => deal(id).dealValue === amount && Number(referralOf(id)?.details.dealValue) === amount && isSynced(id),
    async shared(typed) {
      const id = await crm().seller.opportunity(typed);
      await until('the opportunity is synced', () => isSynced(id), 20_000, told(id));
      await world().quiet();
      return id;
    },
    shows: (id, code, ms = 20_000) => until(`the record shows ${code}`, () => reasons(id).find((each) => each.code === code), ms, told(id)),
    async whileNobodyLooks(edit) {
      crm().bells.pause();
      world().pc.pauseDelivery();
      try {
        await edit();
      } finally {
        crm().bells.resume();
        world().pc.resumeDelivery();
      }
    },
    neverInConflict: () => expect(crm().writes().filter((each) => each.status === 'conflict')).toEqual([]),
    carried: (id, ...fields) => crm().writes().filter((each) => each.id === id && each.by === 'service' && fields.some((field) => each.fields.includes(field))),
    patches: (referralId) => world().pc.api.requests().filter((each) => each.kind === 'referral.patch' && each.path.includes(referralId) && (each.status === 200 || each.status === 204)),
    creates: () => (world().pc.counts()['referral.create'] ?? 0) + (world().pc.counts()['referral.createMicrosoft'] ?? 0),
    unchanged: (referralId) => JSON.stringify({ ...world().pc.referral(referralId), eTag: '', customerProfile: '' }),
    forget() {
      world().pc.resetRequests();
      crm().forget();
    },
  };
}
