// Rules for the rows that register webhooks: what the platform refuses to store as an endpoint or a step.
import type { Table } from './metadata/table';
import { tableNamed, type Cell, type Cells } from './model';
import { Problem } from './problem';
import { referenceId, type RowStore } from './rowStore';
import { readAuthSettings } from './webhookPost';

/** Adds what the platform derives. Two rows that say the same are allowed, as in reality. @throws Problem 400. */
export function checkPlatformRow(store: RowStore, table: Table, cells: Cells): Cells {
  if (!table.platform) return cells;
  for (const column of table.columns.values()) if (column.required && (cells[column.name] ?? null) === null) throw invalid(`The attribute '${column.name}' of '${table.name}' is required.`);
  if (table.name === 'serviceendpoint') return checkEndpoint(cells);
  if (table.name === 'sdkmessageprocessingstep') checkStep(store, cells);
  return cells;
}

function checkEndpoint(cells: Cells): Cells {
  if (cells.contract !== 8) throw invalid('Only webhooks (contract 8) can be registered here.');
  const url = typeof cells.url === 'string' && URL.canParse(cells.url) ? new URL(cells.url) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw invalid('The Url of a webhook must be an absolute http or https address.');
  // Only ports 80 and 443 are called (dataverse.md section 3). On loopback any port is let through: the service beside the stand-in has no other.
  if (url.port !== '' && url.port !== '80' && url.port !== '443' && !isLoopback(url.hostname)) throw invalid(`Port ${url.port} of '${url.host}' is not allowed. Webhooks are called on ports 80 and 443.`);
  const value = cells.authvalue;
  if (typeof value !== 'string' || value === '') throw new Problem(400, '0x8004a10e', 'AuthValue is Invalid');
  if (cells.authtype !== 4 && cells.authtype !== 5 && cells.authtype !== 6) throw invalid('A webhook authenticates by WebhookKey (4), HttpHeader (5) or HttpQueryString (6).');
  if (cells.authtype !== 4) readAuthSettings(value);
  return { ...cells, isauthvalueset: true };
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127\./.test(host);

function checkStep(store: RowStore, cells: Cells): void {
  const message = referenceId(cells.sdkmessageid) ?? '';
  const filter = store.get('sdkmessagefilter', referenceId(cells.sdkmessagefilterid) ?? '');
  if (filter && referenceId(filter.cells.sdkmessageid) !== message) throw invalid('The SdkMessageFilter does not belong to the SdkMessage of the step.');
  if (cells.mode === 1 && cells.stage !== 40) throw invalid('Asynchronous steps run in stage 40 (PostOperation) only.');
  // Steps on a webhook take no configuration string (dataverse.md section 3).
  if ((cells.configuration ?? null) !== null) throw invalid('A step on a webhook takes no configuration.');
  const table = filter ? tableNamed(String(filter.cells.primaryobjecttypecode)) : undefined;
  for (const name of attributesOf(cells.filteringattributes)) if (table && !table.columns.has(name)) throw invalid(`'${table.name}' has no attribute '${name}' to filter on.`);
}

const attributesOf = (cell: Cell | undefined): readonly string[] => (typeof cell === 'string' ? cell.split(',').map((name) => name.trim()).filter((name) => name !== '') : []);

/** An endpoint that steps still use cannot be deleted. @throws Problem 400. */
export function checkDelete(store: RowStore, table: Table, id: string): void {
  if (table.name !== 'serviceendpoint') return;
  const user = store.list('sdkmessageprocessingstep').find((step) => referenceId(step.cells.eventhandler) === id);
  if (user) throw new Problem(400, '0x8004f01f', `The ServiceEndpoint(${id}) component cannot be deleted because it is referenced by 1 other components: ${String(user.cells.name)}.`);
}

const invalid = (message: string): Problem => new Problem(400, '0x80040203', message);
