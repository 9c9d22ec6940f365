// The solutions that the company can sell, from their table. Nothing is asked for before the seller enters the box for the first time.

export interface Solution {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

export type Catalogue = { readonly type: 'unread' } | { readonly type: 'reading' } | { readonly type: 'failed' } | { readonly type: 'read'; readonly solutions: readonly Solution[] };

type WebApi = Pick<ComponentFramework.WebApi, 'retrieveMultipleRecords'>;

const FRESH = 600_000;
const PAGE = 5_000;
const PLACE = 'cosell.solutions';
/** For all forms of this window; a seller who opens the next opportunity sees names at once, also after the page was loaded anew. */
let kept: Kept | undefined = remembered();

interface Kept {
  readonly on: number;
  readonly solutions: readonly Solution[];
}

/** What is known without asking. */
export const knownCatalogue = (): Catalogue => (kept ? { type: 'read', solutions: kept.solutions } : { type: 'unread' });

/** @param now milliseconds; what was read within ten minutes is not asked for again */
export async function readCatalogue(webApi: WebApi, now: number): Promise<Catalogue> {
  if (kept && now - kept.on < FRESH) return knownCatalogue();
  try {
    kept = { on: now, solutions: await readAll(webApi) };
    remember(kept);
  } catch {
    return kept ? knownCatalogue() : { type: 'failed' };
  }
  return knownCatalogue();
}

async function readAll(webApi: WebApi): Promise<Solution[]> {
  const found: Solution[] = [];
  let query: string | undefined = '?$select=cosell_name,cosell_solutioncode,cosell_solutiontype&$filter=statecode eq 0&$orderby=cosell_name';
  while (query) {
    const page: ComponentFramework.WebApi.RetrieveMultipleResponse = await webApi.retrieveMultipleRecords('cosell_solution', query, PAGE);
    found.push(...page.entities.flatMap(toSolution));
    query = page.nextLink ? page.nextLink.slice(page.nextLink.indexOf('?')) : undefined;
  }
  return found;
}

function toSolution(row: Record<string, unknown>): Solution[] {
  const [id, name, type] = ['cosell_solutioncode', 'cosell_name', 'cosell_solutiontype'].map((column) => (typeof row[column] === 'string' ? (row[column] as string).trim() : ''));
  return id ? [{ id, name: name || id, type: type ?? '' }] : [];
}

/** A browser may withhold its storage, or hold there what is not ours. */
function remembered(): Kept | undefined {
  try {
    const found = JSON.parse(sessionStorage.getItem(PLACE) ?? '') as Kept;
    return found.solutions.every((each) => each.id && each.name) ? found : undefined;
  } catch {
    return undefined;
  }
}

function remember(catalogue: Kept): void {
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(catalogue));
  } catch {
    // Full or withheld: names then come with the next reading.
  }
}
