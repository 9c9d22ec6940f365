// Doctor: what is done again and again in the background, and what only reconcile found.
import { choreStates, type ChoreState } from '../../schedule/chores';
import type { Check } from '../check';
import type { DoctorDeps } from '../doctorDeps';
import { ok, warn, type Finding } from '../finding';

export const checkChores = (deps: DoctorDeps): readonly Check[] => [
  { name: 'chores', run: () => chores(deps) },
  { name: 'found-by-reconcile', run: () => foundByReconcile(deps) },
];

/** A chore is late when its time passed so long ago that no queue explains it. */
const LATE = 5 * 60_000;

async function chores({ pool, settings, now = Date.now }: DoctorDeps): Promise<readonly Finding[]> {
  const all = (await choreStates(pool)).filter((chore) => settings.reconcileMinutes > 0 || !chore.name.startsWith('reconcile'));
  const findings = all.flatMap((chore) => troubleOf(chore, now()));
  if (findings.length > 0) return findings;
  const ran = all.map((chore) => chore.succeededOn).filter((on): on is string => on !== null).sort().at(-1);
  return [ok('chores', all.length === 0 ? 'There is nothing to do in the background.' : `${all.length} background jobs run well; last one ${ran ?? 'not yet'}.`)];
}

function troubleOf(chore: ChoreState, now: number): Finding[] {
  const name = `chore.${chore.name}.${chore.connection}`;
  if (chore.error !== null) return [warn(name, `It fails since ${chore.failingSince}: ${chore.error} It last went well ${chore.succeededOn ?? 'never'}.`, 'Mend what it names; it is tried again by itself.')];
  const late = chore.dueOn === null ? 0 : now - Date.parse(chore.dueOn);
  if (late < Math.max(LATE, chore.everyMs)) return [];
  return [warn(name, `It was due ${chore.dueOn} and did not run.`, 'Start the service again if nothing else is waiting; otherwise it runs once the waiting records are done.')];
}

const remedies: Readonly<Record<string, string>> = {
  'partner-center': 'Run: cosell webhook test.',
  dataverse: 'Run: cosell setup dataverse.',
  salesforce: 'In Salesforce: Apex Jobs shows CosellBell; who saves shared records needs the permission set Co-sell Seller; CosellBell.tryNow() says whether the bell is heard.',
};

async function foundByReconcile({ foundByReconcile: counts }: DoctorDeps): Promise<Finding> {
  const found = Object.entries(await counts()).filter(([, count]) => count > 0);
  if (found.length === 0) return ok('found-by-reconcile', 'No change was found by reconcile alone since the start.');
  const told = found.map(([connection, count]) => `${count} in ${connection}`).join(', ');
    return warn('found-by-reconcile', `Changes that no event told of since the start: ${told}. They were carried out, only later.`, `Events get lost on their way. ${[...new Set(found.map(([connection]) => remedies[connection] ?? remedies['partner-center']))].join(' ')}`);
}
