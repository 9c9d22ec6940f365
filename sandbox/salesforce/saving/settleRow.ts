// The cells a row has after a save and before the triggers: defaults, what follows from a stage, names, countries, who and when.
import type { Caller } from '../access';
import { toMoment, type Org } from '../org';
import { rowProblem } from '../problem';
import type { Row } from '../rowStore';
import type { Cell, Cells, SObject } from '../schema/field';
import { countries, stageNamed } from './picklists';

export interface Settling {
  readonly object: SObject;
  readonly before: Row | undefined;
  readonly given: Cells;
  readonly caller: Caller;
}

/** @throws Problem when a country is none, or the currency of a deal with products is changed. */
export function settleRow(org: Org, settling: Settling): Record<string, Cell> {
  const { object, before, given, caller } = settling;
  const cells: Record<string, Cell> = { ...(before?.cells ?? defaults(org, object, caller)), ...given };
  if (object.name === 'Opportunity') {
    settleProducts(settling, cells);
    settleStage(org, settling, cells);
  }
  if (object.fields.has('FirstName') && object.name !== 'User') cells.Name = [cells.FirstName, cells.LastName].filter((part) => typeof part === 'string').join(' ') || null;
  settleCountry(settling, cells);
  return Object.assign(cells, stamps(org, before, caller.userId));
}

function defaults(org: Org, object: SObject, caller: Caller): Record<string, Cell> {
  const cells: Record<string, Cell> = {};
  for (const field of object.fields.values()) cells[field.name] = field.calculated || field.type === 'address' || field.name === 'Id' ? null : (field.defaultValue ?? null);
  if (object.fields.has('OwnerId')) cells.OwnerId = caller.userId;
  if (object.fields.has('CurrencyIsoCode')) cells.CurrencyIsoCode = corporateCurrency(org);
  return Object.fromEntries(Object.entries(cells).filter(([name]) => object.fields.get(name)?.type !== 'address' && name !== 'Id'));
}

const corporateCurrency = (org: Org): Cell => org.store.list('CurrencyType').find((row) => row.cells.IsCorporate === true)?.cells.IsoCode ?? null;

/** With products the amount is their sum: an update of it is ignored while the rest of the update is done, and the currency stays (Object Reference, Opportunity: Amount, HasOpportunityLineItem). */
function settleProducts({ before, given }: Settling, cells: Record<string, Cell>): void {
  if (before?.cells.HasOpportunityLineItem !== true || given.HasOpportunityLineItem !== undefined) return;
  if ('CurrencyIsoCode' in given && given.CurrencyIsoCode !== before.cells.CurrencyIsoCode) throw rowProblem('FIELD_INTEGRITY_EXCEPTION', 'field integrity exception (Opportunity: the currency cannot be changed while there are products)', ['CurrencyIsoCode']);
  cells.Amount = before.cells.Amount ?? null;
}

/** The stage decides closed, won, forecast category and, unless they are given with it, probability and category name (Object Reference, Opportunity: StageName, Probability, ForecastCategoryName). */
function settleStage(org: Org, { before, given }: Settling, cells: Record<string, Cell>): void {
  const stage = stageNamed(org, cells.StageName)?.cells;
  if (stage && cells.StageName !== before?.cells.StageName) {
    Object.assign(cells, { IsClosed: stage.IsClosed ?? false, IsWon: stage.IsWon ?? false, ForecastCategory: stage.ForecastCategory ?? null });
    if (!('Probability' in given)) cells.Probability = stage.DefaultProbability ?? null;
    if (!('ForecastCategoryName' in given)) cells.ForecastCategoryName = stage.ForecastCategoryName ?? null;
  }
  cells.ExpectedRevenue = typeof cells.Amount === 'number' && typeof cells.Probability === 'number' ? (cells.Amount * cells.Probability) / 100 : null;
}

/** With State and Country/Territory Picklists a country is one of the list, and name and code follow each other (Salesforce Help, "State and Country/Territory Picklists"). */
function settleCountry({ object, given }: Settling, cells: Record<string, Cell>): void {
  for (const prefix of ['Billing', 'Mailing', '']) {
    const [name, code] = [`${prefix}Country`, `${prefix}CountryCode`];
    if (!object.fields.has(code)) continue;
    if (given[code] !== undefined) cells[name] = given[code] === null ? null : (countries.get(String(given[code])) ?? noSuchCountry(object, code));
    else if (given[name] !== undefined) cells[code] = given[name] === null ? null : ([...countries].find(([, label]) => label.toLowerCase() === String(given[name]).toLowerCase())?.[0] ?? noSuchCountry(object, name));
    if (typeof cells[code] === 'string') cells[name] = countries.get(cells[code]) ?? null;
  }
}

function noSuchCountry(object: SObject, name: string): never {
  const label = object.fields.get(name)?.label ?? name;
  throw rowProblem('FIELD_INTEGRITY_EXCEPTION', `There's a problem with this country, even though it may appear correct. Please select a country/territory from the list of valid countries.: ${label}`, [name]);
}

/** Whole seconds; by a person or in a user's name both dates move (Object Reference, "System Fields"). */
function stamps(org: Org, before: Row | undefined, user: string): Cells {
  const now = toMoment(org.now());
  const changed = { LastModifiedDate: now, LastModifiedById: user, SystemModstamp: now };
  return before ? changed : { CreatedDate: now, CreatedById: user, ...changed };
}
