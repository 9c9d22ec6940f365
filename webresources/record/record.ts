// The opportunity in Dataverse, over the Web API of the page: read it, write a wish, ring the bell.
import { EntityReference, XrmContextDataverseClient } from 'dataverse-ify';
import { table } from '../columns';
import { describeToDataverseIfy, syncReferral } from './opportunityMetadata';

/** Values by column, as form columns hold them: choices as numbers, times as `Date`, lookups with `id`, empty ones `null`. */
export type Row = Readonly<Record<string, unknown>>;

/** @throws whatever the platform rejects with */
export async function readRow(id: string, names: readonly string[]): Promise<Row> {
  const row = await client().retrieve(table, id, [...names]);
  return Object.fromEntries(names.filter((name) => name in row).map((name) => [name, tidy(row[name])]));
}

export const writeRow = (id: string, values: Row): Promise<void> => client().update({ logicalName: table, id, ...values });

/**
 * "Look at this record again": carried to the service by a synchronous step, so it answers when the service has taken note.
 * @throws when it could not be reached. Why stands in no text that could be relied upon (Dataverse passes on none of the service's answer).
 */
export async function ring(id: string): Promise<void> {
  await client().execute({ logicalName: syncReferral, entity: new EntityReference(table, id) });
}

/** No network: nothing is asked, and the platform carries saves out later. */
export function isOffline(): boolean {
  const { client: app } = Xrm.Utility.getGlobalContext();
  return app.getClientState() === 'Offline';
}

// dataverse-ify 2.0.7 makes an "Invalid Date" of an empty time.
const tidy = (value: unknown): unknown => (value === undefined || (value instanceof Date && Number.isNaN(value.getTime())) ? null : value);

describeToDataverseIfy();

const client = (): XrmContextDataverseClient => new XrmContextDataverseClient(Xrm.WebApi);
