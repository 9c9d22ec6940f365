// Where bells become durable: a row of work for each record, however often it rings.
import type { Pool } from 'pg';
import type { Priority, Ring } from '../ports/store';
import { ringArguments } from '../store/ringArguments';
import { wakeWorkers } from '../store/wakeWorkers';

/** A partner's bell: which record it means is found in the same statement. */
export interface ReferralRing {
  readonly connection: string;
  readonly referralId: string;
  /** Sides to read besides the one that the referral itself stands for. */
  readonly sides?: number;
  readonly priority?: Priority;
}

/** Rings in one statement; resolves once it is durable, whatever happens afterwards. Several bells of one key count as one. */
export async function ring(pool: Pool, rings: readonly Ring[]): Promise<void> {
  if (rings.length === 0) return;
  await pool.query({ name: 'ring', text: 'select cosell.ring($1,$2,$3,$4)', values: [...ringArguments(rings)] });
  wakeWorkers(pool);
}

/**
 * Rings by referral id: the record of the link that knows it as its own referral (side partner) or as Microsoft's (side microsoft), else
 * `pc:<connection>:<id>`. Resolves with the keys once durable.
 */
export async function resolveAndRing(pool: Pool, referrals: readonly ReferralRing[]): Promise<readonly string[]> {
  if (referrals.length === 0) return [];
  const values = [
    referrals.map((each) => each.connection), referrals.map((each) => each.referralId.toLowerCase()),
    referrals.map((each) => each.sides ?? 0), referrals.map((each) => each.priority ?? 1),
  ];
  const { rows } = await pool.query<{ keys: string[] }>({ name: 'ringReferrals', text: 'select cosell.ring_referrals($1,$2,$3,$4) as keys', values });
  wakeWorkers(pool);
  return rows[0]?.keys ?? [];
}
