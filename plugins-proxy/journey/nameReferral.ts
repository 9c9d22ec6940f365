// Name the referral: the bare CRM id into a referral that carries none (I6), so that both systems and people find the pair.
import { isTerminal, valueOf } from '../../core/index';
import type { Pair, Run } from './run';

/**
 * Writes our id once. Somebody edited the referral meanwhile: read and repeat; a referral that names another record keeps its name. Refused: the run
 * goes on with what the referral says now, for it may have been closed since it was read.
 */
export async function nameReferral(run: Run, pair: Pair): Promise<Pair> {
  let partner = pair.partner;
  for (let round = 0; round < 3 && partner && !partner.externalReferenceId && !isTerminal(valueOf(partner.cells.status)); round += 1) {
    const written = await run.deps.partner.write(pair.link.referralId!, { values: {}, externalReferenceId: pair.link.crmId }, partner.version, run.signal);
    if (written.type === 'written') {
      run.deps.passed('I6');
      return { ...pair, partner: written.snapshot, link: { ...pair.link, partner: written.snapshot } };
    }
    if (written.type === 'gone') return pair;
    const again = await run.deps.partner.read(pair.link.referralId!, run.signal);
    if (again.type === 'gone') return pair;
    partner = again.snapshot;
    if (written.type === 'refused') break;
  }
  return partner ? { ...pair, partner, link: { ...pair.link, partner } } : pair;
}
