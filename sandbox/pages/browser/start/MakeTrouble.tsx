// Start page: trouble on demand. Each button becomes its own undo, in place.
import type { StartState } from '../../startPage/startRoutes';
import type { TroubleName, TroubleState } from '../../trouble/openTroubles';
import { post } from '../live';
import { ago, say, type WordKey } from '../words';

interface Line {
  readonly name: TroubleName;
  readonly label: WordKey;
  readonly state: string;
  readonly isMade: boolean;
  readonly make: WordKey;
  readonly undo: WordKey;
  readonly isBusy?: boolean;
}

export function MakeTrouble({ state }: { readonly state: StartState | undefined }): JSX.Element {
  const [refused, setRefused] = React.useState<string>();
  const act = async (line: Line): Promise<void> => setRefused((await post(`/trouble/${line.name}${line.isMade ? '/undo' : ''}`))?.message);
  return (
    <section className="card trouble" aria-labelledby="trouble">
      <h2 id="trouble">{say('start.trouble')}</h2>
      <ul>
        {(state ? linesOf(state.troubles, state.now) : []).map((line) => (
          <li key={line.name}>
            <span id={`trouble-${line.name}`}>{say(line.label)}</span>
            <span className={line.isMade ? 'small tone-warn' : 'small'} role="status">{line.state}</span>
            <button className="button" type="button" disabled={line.isBusy} aria-describedby={`trouble-${line.name}`} onClick={() => void act(line)}>
              {say(line.isMade ? line.undo : line.make)}
            </button>
          </li>
        ))}
      </ul>
      {refused ? <p className="small tone-bad" role="alert">{refused}</p> : null}
    </section>
  );
}

const SERVICE_WORDS: Readonly<Record<TroubleState['service'], WordKey>> = { running: 'trouble.service.running', halting: 'trouble.service.halting', halted: 'trouble.service.halted', restarting: 'trouble.service.restarting' };

function linesOf({ service, partnerCenter, signIn, webhook }: TroubleState, now: number): readonly Line[] {
  const isLosing = webhook.toLose > 0;
  return [
    { name: 'service', label: 'trouble.service', state: say(SERVICE_WORDS[service]), isMade: service !== 'running', make: 'trouble.stop', undo: 'trouble.start', isBusy: service === 'halting' || service === 'restarting' },
    { name: 'partnerCenter', label: 'node.partner', state: say(partnerCenter === 'fails' ? 'trouble.partner.fails' : 'trouble.partner.answers'), isMade: partnerCenter === 'fails', make: 'trouble.fail', undo: 'trouble.undo' },
    { name: 'signIn', label: 'trouble.signIn', state: say(signIn === 'expired' ? 'trouble.signIn.expired' : 'trouble.signIn.works'), isMade: signIn === 'expired', make: 'trouble.expire', undo: 'trouble.undo' },
    {
      name: 'webhook', label: 'trouble.webhook', isMade: isLosing, make: 'trouble.lose', undo: 'trouble.undo',
      state: isLosing ? say(webhook.toLose === 1 ? 'trouble.webhook.loses1' : 'trouble.webhook.loses', { n: webhook.toLose }) : webhook.lastOn === null ? say('trouble.webhook.quiet') : ago(webhook.lastOn, now),
    },
  ];
}
