// Which events of Dataverse ring us, under names that stay (contract, "Steps").
import { filteringAttributes, type Mapping } from './mapping';

export const endpointName = 'Co-sell Referral Sync';
export const stepPrefix = `${endpointName}: `;

export interface WantedStep {
  readonly name: string;
  readonly message: string;
  readonly table: string;
  /** `true`: the caller waits for our answer and is told when we cannot be reached. */
  readonly synchronous: boolean;
  /** Sorted, comma between; empty where the message takes none. */
  readonly filteringAttributes: string;
}

/** Messages of the seller's own button wait for us; everything else rings after the fact. */
const SYNCHRONOUS = 'cosell_SyncReferral';

const messagesOf: Readonly<Record<string, readonly string[]>> = {
  opportunity: ['Create', 'Update', 'Delete', 'Win', 'Lose', SYNCHRONOUS],
  lead: ['Create', 'Update', 'Delete', 'QualifyLead'],
  account: ['Update'],
  contact: ['Update'],
};

export const wantedSteps = (mapping: Mapping): readonly WantedStep[] =>
  Object.entries(messagesOf).flatMap(([table, messages]) => messages.map((message) => ({
    name: `${stepPrefix}${message} of ${table}`,
    message,
    table,
    synchronous: message === SYNCHRONOUS,
    filteringAttributes: message === 'Update' ? filteringAttributes(mapping, table).join(',') : '',
  })));
