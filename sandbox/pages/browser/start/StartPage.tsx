// The start page of the try-out: the systems on one line, what to try, what just happened, and trouble on demand.
import './start.css';
import type { StartState } from '../../startPage/startRoutes';
import { LanguageSwitch } from '../look/LanguageSwitch';
import { useLive } from '../live';
import { say } from '../words';
import { FeedPanel } from './FeedPanel';
import { MakeTrouble } from './MakeTrouble';
import { SystemLine } from './SystemLine';
import { TryThis } from './TryThis';

export function StartPage(): JSX.Element {
  const { state, isConnected } = useLive<StartState>('/live');
  return (
    <div className="start">
      <header className="start-head">
        <div>
          <h1>Co-sell Referral Sync</h1>
          <p>{say('start.lead')}</p>
        </div>
        <LanguageSwitch />
      </header>
      <main>
        {isConnected ? null : <p className="start-gone" role="status">{say('start.gone')}</p>}
        <SystemLine state={state} />
        <div className="start-below">
          <FeedPanel state={state} isConnected={isConnected} />
          <div className="start-side">
            <TryThis />
            <MakeTrouble state={state} />
            <p className="small start-foot">
              {say('start.commands')} <code>npx cosell doctor</code>, <code>npm run trip</code>
            </p>
          </div>
        </div>
      </main>
    </div>
  );
}
