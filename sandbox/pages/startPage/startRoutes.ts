// The start page's desk: how the three systems are, what just happened, and trouble on demand.
import type { Dataverse } from '../../dataverse/startDataverse';
import type { Entra } from '../../entra/entra';
import type { PartnerCenter } from '../../partnerCenter/partnerCenter';
import type { Salesforce } from '../../salesforce/startSalesforce';
import { MICROSOFT } from '../../partnerCenter/referral';
import { openFeed } from '../feed/openFeed';
import type { Trip } from '../feed/trips';
import { openChannel } from '../server/live';
import { PageProblem, type PageRoute } from '../server/pageServer';
import { openTroubles, type TroubleName, type TroubleOptions, type TroubleState } from '../trouble/openTroubles';
import { watchAnswers } from './watchAnswers';

/** How many records a system holds, and how many of them are not in sync. */
export interface SystemState {
  readonly count: number;
  readonly off: number;
}

/** A CRM beside that: whether it answers the service. */
export interface CrmState extends SystemState {
  readonly isAnswering: boolean;
}

export interface StartState {
  /** The server's clock, milliseconds: ages are told by it. */
  readonly now: number;
  readonly dynamics: CrmState;
  readonly partnerCenter: SystemState;
  /** Left out where it is not played. */
  readonly salesforce?: CrmState;
  readonly troubles: TroubleState;
  readonly trips: readonly Trip[];
}

export interface StartOptions {
  readonly service: TroubleOptions['service'];
  readonly dataverse: Dataverse;
  readonly salesforce?: Salesforce | undefined;
  readonly partnerCenter: PartnerCenter;
  readonly entra: Entra;
}

const SHOWN_TRIPS = 30;
const SYNCED = 481_200_002;

export function openStart(options: StartOptions): { routes: readonly PageRoute[]; close(): void } {
  const { dataverse, salesforce } = options;
  const show = (): StartState => {
    const counts = countSystems(options);
    return {
      now: Date.now(), partnerCenter: counts.partnerCenter, dynamics: { ...counts.dynamics, isAnswering: dynamicsAnswers.isAnswering() },
      ...(counts.salesforce && salesforceAnswers ? { salesforce: { ...counts.salesforce, isAnswering: salesforceAnswers.isAnswering() } } : {}),
      troubles: troubles.state(), trips: feed.trips().slice(0, SHOWN_TRIPS),
    };
  };
  const channel = openChannel({ path: /^\/live$/, show });
  const dynamicsAnswers = watchAnswers(dataverse, channel.touch);
  // There is no 429: a day whose calls are used up is a 403 (salesforce.md section 7, "REST shapes").
  const salesforceAnswers = salesforce && watchAnswers(salesforce, channel.touch, ({ status }) => status === 403 && salesforce.isLimitReached());
  const feed = openFeed(options, channel.touch);
  const troubles = openTroubles(options, channel.touch);
  const act = (path: RegExp, deed: (name: TroubleName) => Promise<void>): PageRoute => ({
    method: 'POST',
    path,
    async handle({ params }) {
      const name = Object.keys(troubles.state()).find((one) => one === params.name) as TroubleName | undefined;
      if (!name) throw new PageProblem(404, `There is no trouble named ${params.name}.`);
      await deed(name);
      return { body: troubles.state() };
    },
  });
  return {
    routes: [channel.route, act(/^\/trouble\/(?<name>\w+)$/, troubles.make), act(/^\/trouble\/(?<name>\w+)\/undo$/, troubles.undo)],
    close() {
      channel.close();
      feed.close();
    },
  };
}

/** An opportunity as both CRMs have it. */
interface Counted {
  readonly isShared: boolean;
  readonly isSynced: boolean;
  readonly referral: unknown;
}

function countSystems({ dataverse, salesforce, partnerCenter }: StartOptions): { dynamics: SystemState; partnerCenter: SystemState; salesforce?: SystemState } {
  const inDynamics = dataverse.rows('opportunity').map(({ cells }): Counted => ({ isShared: cells.cosell_syncwithpartnercenter === true, isSynced: cells.cosell_syncstatus === SYNCED, referral: cells.cosell_referralidentifier }));
  const inSalesforce = salesforce?.rows('Opportunity').map(({ cells }): Counted => ({ isShared: cells.Sync_with_Partner_Center__c === true, isSynced: cells.Sync_Status__c === 'Synced', referral: cells.Referral_Identifier__c }));
  const inSync = new Set([...inDynamics, ...(inSalesforce ?? [])].filter(({ isShared, isSynced }) => isShared && isSynced).map(({ referral }) => referral));
  const deals = partnerCenter.referrals().filter(({ organizationId }) => organizationId !== MICROSOFT);
  return {
    dynamics: countCrm(inDynamics),
    partnerCenter: { count: deals.length, off: deals.filter(({ id }) => !inSync.has(id)).length },
    ...(inSalesforce ? { salesforce: countCrm(inSalesforce) } : {}),
  };
}

const countCrm = (opportunities: readonly Counted[]): SystemState => ({ count: opportunities.length, off: opportunities.filter(({ isShared, isSynced }) => isShared && !isSynced).length });
