// The start page's desk: how the three systems are, what just happened, and trouble on demand.
import type { Dataverse } from '../../dataverse/startDataverse';
import type { Entra } from '../../entra/entra';
import type { PartnerCenter } from '../../partnerCenter/partnerCenter';
import { MICROSOFT } from '../../partnerCenter/referral';
import { openFeed } from '../feed/openFeed';
import type { Trip } from '../feed/trips';
import { openChannel } from '../server/live';
import { PageProblem, type PageRoute } from '../server/pageServer';
import { openTroubles, type TroubleName, type TroubleOptions, type TroubleState } from '../trouble/openTroubles';

/** How many records a system holds, and how many of them are not in sync. */
export interface SystemState {
  readonly count: number;
  readonly off: number;
}

export interface StartState {
  /** The server's clock, milliseconds: ages are told by it. */
  readonly now: number;
  readonly dynamics: SystemState;
  readonly partnerCenter: SystemState;
  readonly troubles: TroubleState;
  readonly trips: readonly Trip[];
}

export interface StartOptions {
  readonly service: TroubleOptions['service'];
  readonly dataverse: Dataverse;
  readonly partnerCenter: PartnerCenter;
  readonly entra: Entra;
}

const SHOWN_TRIPS = 30;
const SYNCED = 481_200_002;

export function openStart(options: StartOptions): { routes: readonly PageRoute[]; close(): void } {
  const show = (): StartState => ({ now: Date.now(), ...countSystems(options), troubles: troubles.state(), trips: feed.trips().slice(0, SHOWN_TRIPS) });
  const channel = openChannel({ path: /^\/live$/, show });
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

function countSystems({ dataverse, partnerCenter }: StartOptions): { dynamics: SystemState; partnerCenter: SystemState } {
  const opportunities = dataverse.rows('opportunity').map(({ cells }) => cells);
  const shared = opportunities.filter((cells) => cells.cosell_syncwithpartnercenter === true);
  const inSync = new Set(shared.filter((cells) => cells.cosell_syncstatus === SYNCED).map((cells) => cells.cosell_referralidentifier));
  const deals = partnerCenter.referrals().filter(({ organizationId }) => organizationId !== MICROSOFT);
  return {
    dynamics: { count: opportunities.length, off: shared.filter((cells) => cells.cosell_syncstatus !== SYNCED).length },
    partnerCenter: { count: deals.length, off: deals.filter(({ id }) => !inSync.has(id)).length },
  };
}
