// What tests look at on a record: its cells, what Sync details tell, and its referral at Partner Center.
import type { Conflict, Reason, SyncDetails } from '../../core/index';
import { status, type Row, type Seller } from './seller';
import { until, type World } from './world';

type Referral = NonNullable<ReturnType<World['pc']['referral']>>;

export interface Records {
  cells(id: string): Row;
  /** Sync details as the record shows them; empty when it shows none. */
  details(id: string): SyncDetails;
  reasons(id: string): readonly Reason[];
  conflicts(id: string): readonly Conflict[];
  /** Our own referral of a record. @throws when it shows none */
  referral(id: string): Referral;
  /** Our own referrals that name a record. */
  referralsOf(id: string): readonly Referral[];
  /** Saves a shareable opportunity and waits for its ✔. */
  shared(row?: Row): Promise<string>;
  reaches(id: string, wanted: keyof typeof status, ms?: number): Promise<void>;
  /** Waits until the record gives a reason, and gives it back. */
  shows(id: string, code: string, ms?: number): Promise<Reason>;
  /** Edits both sides before any bell is heard: the bells come when all is done. */
  whileNobodyLooks(edit: () => Promise<unknown> | void): Promise<void>;
  /** Every status that the record ever showed, in order. */
  statusesShown(id: string): readonly unknown[];
}

export function createRecords(world: World, seller: Seller): Records {
  const cells: Records['cells'] = (id) => world.dv.row('opportunity', id)?.cells ?? {};
  const details: Records['details'] = (id) => JSON.parse(String(cells(id).cosell_syncdetails ?? '{}')) as SyncDetails;
  const reasons: Records['reasons'] = (id) => details(id).reasons ?? [];
  const told = (id: string) => (): unknown => ({ status: cells(id).cosell_syncstatus, details: cells(id).cosell_syncdetails, referral: cells(id).cosell_referralidentifier });
  const reaches: Records['reaches'] = async (id, wanted, ms = 20_000) => {
    await until(`the record is ${wanted}`, () => cells(id).cosell_syncstatus === status[wanted], ms, told(id));
  };
  return {
    cells, details, reasons, reaches,
    conflicts: (id) => details(id).conflicts ?? [],
    referral(id) {
      const found = world.pc.referral(String(cells(id).cosell_referralidentifier));
      if (!found) throw new Error(`The record ${id} shows no referral.`);
      return found;
    },
    referralsOf: (id) => world.pc.referrals().filter((each) => each.externalReferenceId === id && each.organizationId !== 'msft'),
    async shared(row) {
      const id = await seller.opportunity(row);
      await reaches(id, 'synced');
      await world.quiet();
      return id;
    },
    shows: (id, code, ms = 20_000) => until(`the record shows ${code}`, () => reasons(id).find((each) => each.code === code), ms, told(id)),
    async whileNobodyLooks(edit) {
      world.dv.pauseSteps();
      world.pc.pauseDelivery();
      try {
        await edit();
      } finally {
        world.dv.resumeSteps();
        world.pc.resumeDelivery();
      }
    },
    statusesShown: (id) => world.dv.writes().filter((each) => each.id === id && 'cosell_syncstatus' in each.newValues).map((each) => each.newValues.cosell_syncstatus),
  };
}
