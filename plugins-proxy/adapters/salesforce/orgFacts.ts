// What the adapter must know of an org before it can read or write a record: fields that we may see, stages, currencies. Learnt in one call, kept ten minutes.
import { failed, DISPLAY_NAME, errorOf } from './failures';
import { partyNames, type Mapping, type MappingTable } from './mapping';
import { API_VERSION, type Row, type SalesforceClient } from './salesforceClient';

export interface FieldFacts {
  readonly type: string;
  /** Characters, for text. */
  readonly length: number;
  /** Fraction digits, for money and numbers. */
  readonly scale: number;
  /** Active values of a picklist, with their labels. */
  readonly values: readonly { readonly value: string; readonly label: string }[];
}

/** Fields by API name; those that the service's user may not see are not among them. */
export type ObjectFacts = ReadonlyMap<string, FieldFacts>;

export interface Stage {
  readonly name: string;
  readonly label: string;
  readonly kind: 'open' | 'won' | 'lost';
}

export interface OrgFacts {
  /** `undefined`: no such object, or not for us. */
  object(name: string): ObjectFacts | undefined;
  /** Active ones, in their order. */
  readonly stages: readonly Stage[];
  /** Active currencies with the digits that each is shown with; `null` in an org that has one only. */
  readonly currencies: readonly { readonly code: string; readonly digits: number }[] | null;
}

export interface Facts {
  /** @throws RemoteFailure */
  learn(): Promise<OrgFacts>;
  /** Forgets everything, so that the next question is asked anew. */
  refresh(): void;
}

const KEPT_MS = 10 * 60_000;

export function createFacts(client: SalesforceClient, mapping: Mapping): Facts {
  let kept: { readonly until: number; readonly facts: Promise<OrgFacts> } | undefined;
  return {
    learn() {
      if (kept && kept.until > Date.now()) return kept.facts;
      // One caller's signal must not fail what others wait for, so the question takes none.
      const facts = askOrg(client, objectsOf(mapping));
      const mine = { until: Date.now() + KEPT_MS, facts };
      kept = mine;
      // A failure is nobody's fact: the next question asks again.
      facts.catch(() => {
        if (kept === mine) kept = undefined;
      });
      return facts;
    },
    refresh: () => void (kept = undefined),
  };
}

function objectsOf(mapping: Mapping): string[] {
  const tables = Object.values(mapping.tables).filter((table): table is MappingTable => table !== undefined);
  const names = tables.flatMap((table) => [
    table.set,
    ...partyNames.flatMap((name) => [table.parties[name]?.table, ...(table.parties[name]?.through ?? []).map((path) => path.child)]),
    ...table.rows.map((row) => row.members?.child),
  ]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

const STAGES = 'SELECT ApiName, MasterLabel, IsClosed, IsWon FROM OpportunityStage WHERE IsActive = true ORDER BY SortOrder';
const CURRENCIES = 'SELECT IsoCode, DecimalPlaces FROM CurrencyType WHERE IsActive = true';

interface Part {
  readonly httpStatusCode: number;
  readonly referenceId: string;
  readonly body: unknown;
}

/** All sObject resources and queries may stand in a composite request, which counts as one call (REST API guide, "Composite"). */
async function askOrg(client: SalesforceClient, objects: readonly string[]): Promise<OrgFacts> {
  const root = `/services/data/v${API_VERSION}`;
  const ask = (referenceId: string, path: string): Row => ({ method: 'GET', url: `${root}${path}`, referenceId });
  const query = (soql: string): string => `/query?q=${encodeURIComponent(soql)}`;
  const compositeRequest = [...objects.map((name) => ask(`describe_${name}`, `/sobjects/${name}/describe`)), ask('stages', query(STAGES)), ask('currencies', query(CURRENCIES))];
  const what = 'tell what it is made of';
  const answer = await client.send({ method: 'POST', path: '/composite', what, body: { allOrNone: false, compositeRequest } });
  const parts = new Map(((answer.body as { compositeResponse?: readonly Part[] } | null)?.compositeResponse ?? []).map((part) => [part.referenceId, part]));
  const bodyOf = (referenceId: string): Row | undefined => {
    const part = parts.get(referenceId);
    if (!part || part.httpStatusCode >= 500) throw failed(`${DISPLAY_NAME} failed to ${what} (${part?.httpStatusCode ?? answer.status} ${errorOf(part?.body ?? answer.body).code}). It is tried again by itself.`, { class: 'remote', status: part?.httpStatusCode ?? answer.status, surelyNotSent: true });
    return part.httpStatusCode < 300 ? (part.body as Row) : undefined;
  };
  const described = new Map(objects.map((name) => [name, bodyOf(`describe_${name}`)] as const));
  const known = new Map([...described].flatMap(([name, body]) => (body ? [[name, toFields(body)] as const] : [])));
  return { object: (name) => known.get(name), stages: recordsOf(bodyOf('stages')).map(toStage), currencies: toCurrencies(bodyOf('currencies')) };
}

const recordsOf = (body: Row | undefined): readonly Row[] => (body?.records ?? []) as readonly Row[];

function toFields(body: Row): ObjectFacts {
  return new Map(((body.fields ?? []) as readonly Row[]).map((field) => [String(field.name), {
    type: String(field.type),
    length: Number(field.length ?? 0),
    scale: Number(field.scale ?? 0),
    values: ((field.picklistValues ?? []) as readonly Row[]).filter((each) => each.active === true).map((each) => ({ value: String(each.value), label: String(each.label ?? each.value) })),
  }]));
}

const toStage = (row: Row): Stage => ({ name: String(row.ApiName), label: String(row.MasterLabel), kind: row.IsClosed !== true ? 'open' : row.IsWon === true ? 'won' : 'lost' });

/** CurrencyType exists only with several currencies (platform guide, "Manage Multiple Currencies"). */
const toCurrencies = (body: Row | undefined): OrgFacts['currencies'] => (body ? recordsOf(body).map((row) => ({ code: String(row.IsoCode), digits: Number(row.DecimalPlaces ?? 2) })) : null);
