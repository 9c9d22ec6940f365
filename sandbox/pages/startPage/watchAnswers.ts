// The start page's lines: whether a CRM answers the service, as far as its last call tells.
import type { CountedRequest, StandInServer } from '../../kit/standIn';
import { isDown } from '../feed/isDown';

export interface Answers {
  /** True until a call fails. */
  isAnswering(): boolean;
}

/** @param failed beyond what every system does when it is in trouble @param changed told when it is another state */
export function watchAnswers(server: Pick<StandInServer, 'onRequest'>, changed: () => void, failed: (request: CountedRequest) => boolean = () => false): Answers {
  let isAnswering = true;
  server.onRequest((request) => {
    const now = !(isDown(request) || failed(request));
    if (now === isAnswering) return;
    isAnswering = now;
    changed();
  });
  return { isAnswering: () => isAnswering };
}
