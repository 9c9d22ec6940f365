// A run without a database: what it may use is written down here, and what it does is noted.
import { newLink, type CrmSnapshot, type Link, type PartnerSnapshot } from '../../../core/index';
import type { JourneyDeps, Run } from '../../../plugins-proxy/journey/run';
import type { CrmChange, CrmPort, CrmRead, CrmWritten } from '../../../plugins-proxy/ports/crm';
import type { Commit, Lease, Store } from '../../../plugins-proxy/ports/store';
import { timings } from '../../../plugins-proxy/timings';

export const referralId = '7f1d8a52-6c1a-4a52-9f58-0d0a6c1f0001';

export const snapshot = (more: Partial<CrmSnapshot> = {}): CrmSnapshot => ({
  version: '1', cells: { name: { kind: 'value', value: 'Deal' }, notes: { kind: 'value', value: 'n' }, dealValue: { kind: 'value', value: '5' }, currency: { kind: 'value', value: 'USD' } }, moneyScale: 2,
  createdOn: '2026-11-27T09:00:00Z', modifiedOn: '2026-11-27T09:00:00Z', control: { sync: true, requestedAction: null, requestedReason: null, choices: null },
  shown: { identifier: null, link: null, status: null, details: null, microsoftStatus: null, microsoftCrmId: null, lastSyncedOn: null }, refs: { customer: null, contact: null, owner: null }, secured: [], ...more,
});

export const partnerSnapshot = (more: Partial<PartnerSnapshot> = {}): PartnerSnapshot => ({
  version: 'e', cells: { status: { kind: 'value', value: 'Active' } }, id: referralId, engagementId: 'e', organizationId: 'ours', direction: 'outgoing', status: 'Active', substatus: 'Accepted', type: 'Independent', category: 'coSell',
  createdOn: '2026-11-27T09:00:00Z', updatedOn: '2026-11-27T09:00:00Z', expiresOn: null, msxId: null, externalReferenceId: 'record-1', ...more,
});

export const linkOf = (more: Partial<Link> = {}): Link => ({ ...newLink({ id: 'l', crmConnection: 'crm', partnerConnection: 'partner-center', kind: 'opportunity', crmId: 'record-1', mappingVersion: 'm' }), rev: 1, ...more });

export interface Told {
  readonly run: Run;
  readonly commits: Commit[];
  readonly writes: CrmChange[];
  readonly reads: string[];
}

/** @param key of the row, whose last part is the record's id; ids that begin with `record-` are the CRM's own */
export function runOver(key: string, { lease = {}, read, write, store = {} }: { lease?: Partial<Lease>; read?: () => CrmRead; write?: (change: CrmChange) => CrmWritten; store?: Partial<Store> } = {}): Told {
  const told = { commits: [] as Commit[], writes: [] as CrmChange[], reads: [] as string[] };
  const crm = {
    connection: 'crm', displayName: 'CRM', canonicalId: (text: string) => (text.startsWith('record-') ? text : null),
    read: async (ref: { id: string }) => (told.reads.push(ref.id), read?.() ?? { type: 'gone' }),
    write: async (_ref: unknown, change: CrmChange) => (told.writes.push(change), write!(change)),
  } as unknown as CrmPort;
  const deps = {
    timings, passed: () => undefined, newId: () => 'new', count: () => undefined, log: () => undefined, mappingVersion: 'm', partner: { connection: 'partner-center', displayName: 'Partner Center', linkTo: () => 'https://portal.example' },
    store: { linkByCrm: async () => undefined, linkByReferral: async () => undefined, timelineTail: async () => ({ text: '', newest: 0 }), commit: async (change: Commit) => (told.commits.push(change), change.link), ...store },
  } as unknown as JourneyDeps;
  const claimed: Lease = { key, owner: 1, wanted: '1', sides: 1, rungOn: '2026-11-27T10:00:00.000Z', attempts: 1, claimedOn: '2026-11-27T10:00:00.000Z', link: null, ...lease };
  return { ...told, run: { deps, lease: claimed, signal: new AbortController().signal, crm, ref: { kind: 'opportunity', id: key.split(':')[3]! }, now: () => '2026-11-27T10:00:01.000Z' } };
}
