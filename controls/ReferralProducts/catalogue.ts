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
/** For all forms of this session; a seller who opens the next opportunity sees names at once. */
let kept: { readonly on: number; readonly solutions: readonly Solution[] } | undefined;

/** What is known without asking. */
export const knownCatalogue = (): Catalogue => (kept ? { type: 'read', solutions: kept.solutions } : { type: 'unread' });

/** @param now milliseconds; what was read within ten minutes is not asked for again */
export async function readCatalogue(webApi: WebApi, now: number): Promise<Catalogue> {
  if (kept && now - kept.on < FRESH) return knownCatalogue();
  try {
    kept = { on: now, solutions: await readAll(webApi) };
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
