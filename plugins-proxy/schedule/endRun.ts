// The last call of a run: finished, or put back. Both check the lease, as every write does.
import type { Pool } from 'pg';
import type { Claim } from './claim';
import type { PutBack } from './judge';

/** Frees the row as done; `false` when the lease was gone. */
export async function finish(pool: Pool, { key, owner, wanted }: Claim): Promise<boolean> {
  const { rows } = await pool.query<{ kept: boolean }>({ name: 'finish', text: 'select cosell.finish($1,$2,$3) as kept', values: [key, owner, wanted] });
  return rows[0]?.kept ?? false;
}

/** Frees the row with what it owes; a bell that rang during the run brings it back as soon as `floorMs` after its try allows. */
export async function putBack(pool: Pool, { key, owner, wanted }: Claim, end: PutBack, floorMs: number): Promise<boolean> {
  const values = [key, owner, wanted, end.attempts, end.class, end.waitMs, floorMs, end.gate, end.parked];
  const { rows } = await pool.query<{ kept: boolean }>({ name: 'putBack', text: 'select cosell.put_back($1,$2,$3,$4,$5,$6,$7,$8,$9) as kept', values });
  return rows[0]?.kept ?? false;
}
