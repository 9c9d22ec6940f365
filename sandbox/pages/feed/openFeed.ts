// "What just happened": listens to the stand-ins and keeps the newest trips.
import type { Dataverse } from '../../dataverse/startDataverse';
import type { Entra } from '../../entra/entra';
import type { PartnerCenter } from '../../partnerCenter/partnerCenter';
import type { Salesforce } from '../../salesforce/startSalesforce';
import { createDealKeys } from './dealKeys';
import type { Observation } from './observation';
import { emptyFeed, note, settle, type Feed, type Trip } from './trips';
import { watchDataverse } from './watchDataverse';
import { watchPartnerCenter } from './watchPartnerCenter';
import { watchSalesforce } from './watchSalesforce';

export interface Watched {
  readonly dataverse: Dataverse;
  readonly salesforce?: Salesforce | undefined;
  readonly partnerCenter: PartnerCenter;
  readonly entra: Entra;
}

export interface LiveFeed {
  /** Newest first. */
  trips(): readonly Trip[];
  close(): void;
}

const SETTLE_EVERY_MS = 250;

/** @param changed told whenever the trips are others */
export function openFeed({ dataverse, salesforce, partnerCenter, entra }: Watched, changed: () => void): LiveFeed {
  let feed: Feed = emptyFeed;
  let isOpen = true;
  const become = (next: Feed): void => {
    if (next === feed) return;
    feed = next;
    changed();
  };
  const tell = (seen: Observation): void => {
    if (isOpen) become(note(feed, seen));
  };
  const deals = createDealKeys({ dataverse, salesforce, partnerCenter });
  watchDataverse(dataverse, deals, tell);
  if (salesforce) watchSalesforce(salesforce, deals, tell);
  watchPartnerCenter(partnerCenter, entra, deals, tell);
  const timer = setInterval(() => become(settle(feed, Date.now())), SETTLE_EVERY_MS).unref();
  return {
    trips: () => feed.trips,
    close() {
      isOpen = false;
      clearInterval(timer);
    },
  };
}
