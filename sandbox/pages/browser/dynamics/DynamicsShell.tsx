// A seller's Dynamics 365: the frame around form and list, as in the Sales Hub. What is not played stands there without a link.
import './dynamics.css';
import { Icon, type IconName } from '../look/Icon';
import { LanguageSwitch } from '../look/LanguageSwitch';
import { readSettings } from '../settings';
import { say, type WordKey } from '../words';

interface ShellProps {
  /** Leaves the page; a form asks first. */
  readonly go: (address: string) => void;
  readonly onQuickCreate?: () => void;
  readonly children: React.ReactNode;
}

const PLACES: readonly (readonly [IconName, WordKey])[] = [['home', 'nav.home'], ['clock', 'nav.recent'], ['pin', 'nav.pinned'], ['dashboard', 'nav.dashboards'], ['mail', 'nav.accounts'], ['person', 'nav.contacts'], ['leads', 'nav.leads'], ['trend', 'nav.opportunities'], ['box', 'nav.products']];

export function DynamicsShell({ go, onQuickCreate, children }: ShellProps): JSX.Element {
  const { paths, user } = readSettings();
  const initials = (user?.name ?? '').split(' ').map((part) => part.charAt(0)).join('').slice(0, 2);
  return (
    <div className="dynamics">
      <a className="skip" href="#content">{say('skip')}</a>
      <header className="dynamics-bar">
        <Icon name="waffle" size={16} />
        <b>Dynamics 365</b>
        <span className="bar-line" />
        <span>{say('dyn.app')}</span>
        <a className="bar-start" href={paths.start} onClick={(event) => (event.preventDefault(), go(paths.start))}>{say('portal.back')}</a>
        <span className="bar-end">
          <LanguageSwitch />
          {onQuickCreate ? <button className="button plain icon-button" type="button" aria-label={say('dyn.quickCreate')} title={say('dyn.quickCreate')} onClick={onQuickCreate}><Icon name="add" size={18} /></button> : null}
          <span className="avatar seller" title={user?.name}>{initials}</span>
        </span>
      </header>
      <div className="dynamics-body">
        <nav className="dynamics-nav" aria-label={say('dyn.app')}>
          <ul>
            {PLACES.map(([icon, word]) => (
              <li key={word}>
                {word === 'nav.opportunities' ? (
                  <a href={paths.list} aria-current="page" onClick={(event) => (event.preventDefault(), go(paths.list))}><Icon name={icon} />{say(word)}</a>
                ) : (
                  <span className="quiet"><Icon name={icon} />{say(word)}</span>
                )}
              </li>
            ))}
          </ul>
        </nav>
        <main id="content" className="dynamics-main" tabIndex={-1}>{children}</main>
      </div>
    </div>
  );
}

export interface Command {
  readonly icon: IconName;
  readonly word: WordKey;
  readonly onRun: () => void;
  readonly isOff?: boolean;
}

export function CommandBar({ commands }: { readonly commands: readonly Command[] }): JSX.Element {
  return (
    <div className="card command-bar" role="toolbar" aria-label={say('dyn.commands')}>
      {commands.map(({ icon, word, onRun, isOff }) => (
        <button key={word} className="button plain" type="button" disabled={isOff} onClick={onRun}><span className="tone-brand"><Icon name={icon} /></span>{say(word)}</button>
      ))}
    </div>
  );
}
