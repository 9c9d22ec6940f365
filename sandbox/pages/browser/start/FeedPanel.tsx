// Start page, "What just happened": one row a trip, newest on top. It stands still while somebody reads in it.
import type { StartState } from '../../startPage/startRoutes';
import type { Trip } from '../../feed/trips';
import { say } from '../words';
import { FeedRow, totalLine } from './FeedRow';

export function FeedPanel({ state, isConnected }: { readonly state: StartState | undefined; readonly isConnected: boolean }): JSX.Element {
  const { shown, isPaused, waiting, hold, release } = useHeld(state?.trips ?? []);
  const isStopped = state !== undefined && state.troubles.service !== 'running';
  return (
    <section className="card feed" aria-labelledby="feed">
      <div className="feed-head">
        <h2 id="feed">{say('start.feed')}</h2>
        <span className="small feed-state">
          <span className={`dot ${isPaused || isStopped || !isConnected ? 'off' : ''}`} />
          {isPaused ? say('feed.paused') + (waiting > 0 ? ` · ${say(waiting === 1 ? 'feed.waiting1' : 'feed.waiting', { n: waiting })}` : '') : say(isConnected ? 'feed.live' : 'feed.gone')}
        </span>
      </div>
      {isStopped ? <p className="feed-stopped">{say('feed.stopped')}</p> : null}
      <div className="feed-rows" tabIndex={0} role="group" aria-labelledby="feed" onMouseEnter={hold} onMouseLeave={release} onFocus={hold} onBlur={release}>
        {shown.length === 0 ? <p className="quiet feed-empty">{say('feed.empty')}</p> : <ol>{shown.map((trip) => <FeedRow key={trip.number} trip={trip} />)}</ol>}
      </div>
      <Spoken trips={state?.trips ?? []} />
    </section>
  );
}

/** What is shown while it is held, and how many trips came meanwhile. */
function useHeld(trips: readonly Trip[]): { shown: readonly Trip[]; isPaused: boolean; waiting: number; hold(): void; release(): void } {
  const [held, setHeld] = React.useState<readonly Trip[]>();
  const newest = held?.[0]?.number ?? 0;
  return {
    shown: held ?? trips, isPaused: held !== undefined, waiting: held ? trips.filter(({ number }) => number > newest).length : 0,
    hold: () => setHeld((before) => before ?? trips),
    release: () => setHeld(undefined),
  };
}

/** A polite log that says only how a trip ended; nothing of what had happened before the page was opened. */
function Spoken({ trips }: { readonly trips: readonly Trip[] }): JSX.Element {
  const told = React.useRef<ReadonlySet<number>>();
  const [line, setLine] = React.useState('');
  const ended = trips.filter((trip) => trip.end && trip.begunIn !== 'echo');
  React.useEffect(() => {
    const before = told.current;
    told.current = new Set(ended.map(({ number }) => number));
    const fresh = before && ended.find(({ number }) => !before.has(number));
    if (fresh) setLine(totalLine(fresh));
  }, [trips]);
  return <div className="hidden" role="log" aria-live="polite">{line}</div>;
}
