// The gate port: stops or slows all calls to one remote system, in every process at once.

/** Why a gate is closed, as the reason that a seller or admin reads. */
export type GateCode = 'throttled' | 'remote-down' | 'sign-in-expired';

export type GateState =
  | { readonly type: 'open' }
  | { readonly type: 'closed'; readonly code: GateCode; readonly nextTryOn: string; readonly since: string };

/** Thrown by `guard` without a call having been made. */
export class GateClosed extends Error {
  readonly connection: string;
  readonly code: GateCode;
  readonly nextTryOn: string;

  constructor(connection: string, code: GateCode, nextTryOn: string) {
    super(`Calls to ${connection} wait until ${nextTryOn} (${code}).`);
    this.name = 'GateClosed';
    this.connection = connection;
    this.code = code;
    this.nextTryOn = nextTryOn;
  }
}

export interface Gates {
  /** From memory, kept fresh by notifications of the database. */
  state(connection: string): GateState;
  /**
   * Makes one call through the gate of a connection. An open gate lets it through; a closed one lets a single probe through when its time has come and
   * throws GateClosed to everybody else. A RemoteFailure of class auth, throttled or unreachable closes the gate and is thrown on; a probe's success opens it.
   */
  guard<T>(connection: string, call: () => Promise<T>): Promise<T>;
}
