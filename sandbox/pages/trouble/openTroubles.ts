// "Make trouble" on the start page: what can go wrong, each with its undo.
import type { Dataverse } from '../../dataverse/startDataverse';
import type { Entra } from '../../entra/entra';
import type { PartnerCenter } from '../../partnerCenter/partnerCenter';
import type { WatchedService } from '../../start/watchService';

export interface TroubleState {
  readonly service: ReturnType<WatchedService['state']>;
  readonly partnerCenter: 'answers' | 'fails';
  readonly signIn: 'works' | 'expired';
  readonly webhook: { readonly toLose: number; /** Milliseconds; when the last event was heard. */ readonly lastOn: number | null };
}

export type TroubleName = keyof TroubleState;

export interface Troubles {
  state(): TroubleState;
  make(name: TroubleName): Promise<void>;
  undo(name: TroubleName): Promise<void>;
}

export interface TroubleOptions {
  readonly service: Pick<WatchedService, 'state' | 'onState' | 'halt' | 'goOn'>;
  readonly dataverse: Dataverse;
  readonly partnerCenter: PartnerCenter;
  readonly entra: Entra;
}

const LOST_EVENTS = 3;

/** @param changed told whenever the state may be another one */
export function openTroubles({ service, partnerCenter, entra }: TroubleOptions, changed: () => void): Troubles {
  let fault: string | undefined;
  let lastOn: number | null = null;
  service.onState(changed);
  partnerCenter.onDelivered(({ outcome, at }) => {
    if (typeof outcome === 'number' && outcome < 300) lastOn = at;
    changed();
  });
  const deeds: Record<TroubleName, { make(): void | Promise<void>; undo(): void | Promise<void> }> = {
    service: { make: service.halt, undo: service.goOn },
    partnerCenter: {
      make: () => void (fault ??= partnerCenter.api.addFault({ kind: '503', match: 'referral\\..*' })),
      undo() {
        if (fault !== undefined) partnerCenter.api.clearFaults(fault);
        fault = undefined;
      },
    },
    signIn: {
      // A sign-in that has expired is noticed only when the tokens it gave are over, too.
      make() {
        entra.expireSignIn();
        entra.revokeAccessTokens();
      },
      undo: entra.restoreSignIn,
    },
    webhook: { make: () => partnerCenter.loseNextEvents(LOST_EVENTS), undo: () => partnerCenter.loseNextEvents(0) },
  };
  const act = async (deed: () => void | Promise<void>): Promise<void> => {
    await deed();
    changed();
  };
  return {
    state: () => ({ service: service.state(), partnerCenter: fault === undefined ? 'answers' : 'fails', signIn: entra.isSignInExpired() ? 'expired' : 'works', webhook: { toLose: partnerCenter.eventsToLose(), lastOn } }),
    make: (name) => act(deeds[name].make),
    undo: (name) => act(deeds[name].undo),
  };
}
