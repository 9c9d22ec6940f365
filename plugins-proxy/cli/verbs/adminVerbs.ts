// Command line: doctor, reconcile, adopt.
import type { Command } from 'commander';
import type { Adopted, DoctorAnswer, Reconciled } from '../../api/shapes';
import { createServiceClient } from '../askService';
import type { AddVerb, VerbEnd } from '../cliContext';
import { findService } from '../findService';
import { alignedLines, counted } from '../textLines';

export function addAdminVerbs(program: Command, add: AddVerb): void {
  add(program, 'doctor', 'check settings, database, sign-ins, registrations and work; says what to do about each finding').does(
    () => async ({ env }) => doctorEnd(await createServiceClient(findService(env)).get<DoctorAnswer>('/doctor')),
  );
  add(program, 'reconcile', 'look for missed changes on both sides now').does(() => async ({ env }) => {
    const result = await createServiceClient(findService(env)).post<Reconciled>('/reconcile');
    return { result, lines: [`Looking for missed changes now (${counted(result.chores.length, 'walk')}). What is found is worked on by itself; cosell doctor tells how it went.`] };
  });
  const adopt = add(program, 'adopt', 'accept a copied or restored environment: its records are sent again from now on');
  adopt.command.option('--connection <name>', 'accept this one (dataverse, salesforce, partner-center) only; otherwise all that look like copies');
  adopt.does((_args, { connection }) => async ({ env }) => adoptEnd(await createServiceClient(findService(env)).post<Adopted>('/adopt', connection === undefined ? {} : { connection })));
}

function doctorEnd(result: DoctorAnswer): VerbEnd {
  const rows = result.findings.flatMap(({ state, check, what, remedy }) => [[state, check, what], ...(remedy === null ? [] : [['', '', `-> ${remedy}`]])]);
  const [fails, warns] = (['fail', 'warn'] as const).map((state) => result.findings.filter((finding) => finding.state === state).length);
  const total = `${counted(result.findings.length, 'check')}: ${fails ? counted(fails, 'failure') : 'no failure'}, ${warns ? counted(warns, 'warning') : 'no warning'}.`;
  return { result, lines: [...alignedLines(rows), '', total], failed: result.state === 'fail' };
}

function adoptEnd(result: Adopted): VerbEnd {
  if (result.adopted.length === 0) return { result, lines: ['No environment looks like a copy; nothing was changed.'] };
  return { result, lines: result.adopted.map(({ connection, records }) => `${connection} is accepted. ${counted(records, 'record')} ${records === 1 ? 'is' : 'are'} read on both sides and brought together now.`) };
}
