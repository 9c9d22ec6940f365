// Bench: how much processor time a process and its database have used, where the system tells it (Linux); rates vary with a shared machine, this does not.
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds since its start, or `null` where the system does not tell. */
export function processorTime(pid: number): number | null {
  const stat = statOf(pid);
  return stat && (stat.user + stat.system) * TICK_MS;
}

/** Of the process and all below it, those that have ended included. */
export function processorTimeOfTree(pid: number): number | null {
  const root = statOf(pid);
  if (!root) return null;
  const below = allPids().map(statOf).filter((stat) => stat?.parent === pid);
  return below.reduce((sum, stat) => sum + ((stat?.user ?? 0) + (stat?.system ?? 0)) * TICK_MS, (root.user + root.system + root.endedBelow) * TICK_MS);
}

/** Linux counts in hundredths of a second, whatever its clock. */
const TICK_MS = 10;

interface Stat {
  readonly parent: number;
  readonly user: number;
  readonly system: number;
  readonly endedBelow: number;
}

/** `/proc/<pid>/stat`, the fields behind the name, which may itself hold blanks and brackets (proc(5)). */
function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
    const [parent = 0, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [fields[1], fields[11], fields[12], fields[13], fields[14]];
    return { parent, user, system, endedBelow: endedUser + endedSystem };
  } catch {
    return null;
  }
}

function allPids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter((pid) => pid > 0);
  } catch {
    return [];
  }
}
