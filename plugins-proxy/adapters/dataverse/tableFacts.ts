// What the adapter must know about columns and currencies before it can read or write a row: learnt from the metadata, kept ten minutes.
import { minorUnits } from '../../../core/index';
import { RemoteFailure } from '../../ports/failure';
import type { DataverseAnswer, DataverseClient, Row } from './dataverseClient';

export interface ColumnFacts {
  readonly secured: boolean;
  /** `false`: under column security, and the service's user may not read it. */
  readonly readable: boolean;
  /** Characters, for text. */
  readonly maxLength?: number;
  /** Fraction digits, for money; `currency`: as many as the row's currency has. */
  readonly scale?: number | 'currency';
}

export type TableFacts = ReadonlyMap<string, ColumnFacts>;

export interface Currency {
  readonly id: string;
  readonly code: string;
  readonly scale: number;
}

export interface Facts {
  /** Columns by logical name; empty when the table does not exist. @throws RemoteFailure */
  table(name: string, signal?: AbortSignal): Promise<TableFacts>;
  /** Active currencies. @throws RemoteFailure */
  currencies(signal?: AbortSignal): Promise<readonly Currency[]>;
  /** Forgets everything, so that the next question is asked anew. */
  refresh(): void;
}

const KEPT_MS = 10 * 60_000;
/** AttributePrivilege.CanRead: 0 not allowed, 4 allowed. */
const ALLOWED = 4;

export function createFacts(client: DataverseClient): Facts {
  const kept = new Map<string, { readonly until: number; readonly value: Promise<unknown> }>();
  const keep = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const known = kept.get(key);
    if (known && known.until > Date.now()) return known.value as Promise<T>;
    const value = ask();
    kept.set(key, { until: Date.now() + KEPT_MS, value });
    // A failure is nobody's fact: the next question asks again.
    value.catch(() => kept.get(key)?.value === value && kept.delete(key));
    return value;
  };
  const readableIds = (): Promise<ReadonlySet<string>> => keep('privileges', () => askReadable(client));
  return {
    // One caller's signal must not fail what others wait for, so questions that are shared take none.
    table: (name) => keep(`table ${name}`, () => askTable(client, name, readableIds)),
    currencies: () => keep('currencies', () => askCurrencies(client)),
    refresh: () => kept.clear(),
  };
}

async function askTable(client: DataverseClient, name: string, readableIds: () => Promise<ReadonlySet<string>>): Promise<TableFacts> {
  const attributes = `EntityDefinitions(LogicalName='${name}')/Attributes`;
  const ask = async (path: string): Promise<readonly Row[]> => {
    const answer = await client.send({ method: 'GET', path: `${attributes}${path}`, what: `read the columns of ${name}` });
    if (answer.status === 404) return [];
    if (answer.status >= 300) throw unreadableMetadata(client, name, answer.status);
    return rowsOf(answer.body);
  };
  const [all, strings, memos, moneys] = await Promise.all([
    ask('?$select=LogicalName,IsSecured,MetadataId'),
    ask('/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength'),
    ask('/Microsoft.Dynamics.CRM.MemoAttributeMetadata?$select=LogicalName,MaxLength'),
    ask('/Microsoft.Dynamics.CRM.MoneyAttributeMetadata?$select=LogicalName,Precision,PrecisionSource'),
  ]);
  const lengths = new Map([...strings, ...memos].map((row) => [row.LogicalName, row.MaxLength]));
  const scales = new Map(moneys.map((row) => [row.LogicalName, row]));
  const organizationScale = moneys.some((row) => row.PrecisionSource === PRECISION_OF_ORGANIZATION) ? await askPricingScale(client) : 2;
  const readable = all.some((row) => row.IsSecured === true) ? await readableIds() : new Set<string>();
  return new Map(all.map((row) => {
    const length = lengths.get(row.LogicalName);
    const money = scales.get(row.LogicalName);
    const secured = row.IsSecured === true;
    return [String(row.LogicalName), {
      secured,
      readable: !secured || readable.has(String(row.MetadataId)),
      ...(typeof length === 'number' ? { maxLength: length } : {}),
      ...(money ? { scale: scaleOf(money, organizationScale) } : {}),
    }];
  }));
}

const PRECISION_OF_ORGANIZATION = 1;
const PRECISION_OF_CURRENCY = 2;

/** MoneyAttributeMetadata.PrecisionSource: 0 the column's own Precision, 1 the organisation's pricing precision, 2 the currency's. */
function scaleOf(money: Row, organizationScale: number): number | 'currency' {
  if (money.PrecisionSource === PRECISION_OF_CURRENCY) return 'currency';
  if (money.PrecisionSource === PRECISION_OF_ORGANIZATION) return organizationScale;
  return typeof money.Precision === 'number' ? money.Precision : 2;
}

async function askPricingScale(client: DataverseClient): Promise<number> {
  const answer = await client.send({ method: 'GET', path: 'organizations?$select=pricingdecimalprecision', what: 'read the organisation' });
  const scale = rowsOf(answer.body)[0]?.pricingdecimalprecision;
  return typeof scale === 'number' ? scale : 2;
}

/**
 * Ids of the secured columns that our user may read (RetrievePrincipalAttributePrivileges, directly or by team). A secured column that is empty and
 * one that is withheld both read as null, so nothing but this list tells them apart; where it cannot be had, every null of them counts as withheld:
 * a field shown as unreadable costs a question, a field taken for empty costs data.
 */
async function askReadable(client: DataverseClient): Promise<ReadonlySet<string>> {
  const { body: me } = await client.get('WhoAmI', 'ask who the service is');
  const name = 'RetrievePrincipalAttributePrivileges';
  const user = `systemusers(${String(me.UserId)})`;
  const ask = (path: string): Promise<DataverseAnswer> => client.send({ method: 'GET', path, what: 'read the column permissions' });
  const bound = await ask(`${user}/Microsoft.Dynamics.CRM.${name}()`);
  // Documented as bound to a user; the message's own form, with the principal as its parameter, is what is left.
  const answer = bound.status < 300 ? bound : await ask(`${name}(Principal=@p)?@p={'@odata.id':'${user}'}`);
  if (answer.status >= 300) return new Set();
  const privileges = (answer.body.AttributePrivileges ?? []) as readonly Row[];
  return new Set(privileges.filter((each) => each.CanRead === ALLOWED).map((each) => String(each.AttributeId)));
}

async function askCurrencies(client: DataverseClient): Promise<readonly Currency[]> {
  const { body } = await client.get('transactioncurrencies?$select=isocurrencycode,currencyprecision&$filter=statecode eq 0', 'read the currencies');
  return rowsOf(body).map((row) => {
    const code = String(row.isocurrencycode);
    return { id: String(row.transactioncurrencyid), code, scale: typeof row.currencyprecision === 'number' ? row.currencyprecision : minorUnits(code) };
  });
}

const unreadableMetadata = (client: DataverseClient, name: string, status: number): RemoteFailure =>
  new RemoteFailure(`${client.displayName} does not tell the columns of ${name} (${status}). Give the service's user the role Co-sell Sync Service.`, {
    connection: client.connection, class: status === 403 ? 'forbidden' : 'bug', status, surelyNotSent: true,
  });

/** The rows of a list answer. */
export const rowsOf = (body: Row): readonly Row[] => (Array.isArray(body.value) ? (body.value as readonly Row[]) : []);
