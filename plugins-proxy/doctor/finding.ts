// Doctor: what one check has to say.

export type FindingState = 'ok' | 'warn' | 'fail';

export interface Finding {
  /** What was looked at, dotted, stable: `webhook`, `gate.dataverse`, `sign-in.partner-center.referrals`. */
  readonly check: string;
  readonly state: FindingState;
  /** What was found, one or more sentences without secrets. */
  readonly what: string;
  /** What to do; `null` when there is nothing to do. */
  readonly remedy: string | null;
}

const order: readonly FindingState[] = ['ok', 'warn', 'fail'];

export const worstState = (findings: readonly Pick<Finding, 'state'>[]): FindingState =>
  findings.reduce<FindingState>((worst, { state }) => (order.indexOf(state) > order.indexOf(worst) ? state : worst), 'ok');

export const ok = (check: string, what: string, remedy: string | null = null): Finding => ({ check, state: 'ok', what, remedy });
export const warn = (check: string, what: string, remedy: string | null): Finding => ({ check, state: 'warn', what, remedy });
export const fail = (check: string, what: string, remedy: string): Finding => ({ check, state: 'fail', what, remedy });
