// The panel: status, line, and below them what this status asks of the seller.
import { Button } from '../shared/Button';
import { Icon } from '../shared/Icon';
import { h, useEffect, useRef, useState } from '../shared/react';
import type { Frame } from '../shared/theme';
import { countOf, type Words } from '../shared/words';
import { Answer } from './Answer';
import { ConflictInbox } from './ConflictInbox';
import { History } from './History';
import { LinePicture } from './LinePicture';
import { ReasonList } from './ReasonList';
import type { Outputs } from './inputs';
import { steps, type Note, type StatusView } from './view';

interface Props {
  readonly view: Note | StatusView;
  readonly words: Words;
  readonly frame: Frame;
  /** Hands a wish to the form. */
  readonly ask: (wish: Outputs) => void;
  /** Leads to a field, or has its shared value put back. */
  readonly lead: (field: string, isUndo: boolean) => void;
}

export interface PanelProps extends Props {
  readonly view: StatusView;
  /** Says something to somebody who listens. */
  readonly speak: (text: string) => void;
}

const SYNC_NOW = 481_200_000;

export const StatusPanel = (props: Props) => {
  const { view, frame } = props;
  const [spoken, speak] = useAnnouncement(view);
  return (
    <section {...frame}>
      <output>{spoken}</output>
      {view.face === 'note' ? <header aria-busy={view.icon === 'loading'}><Icon name={view.icon} />{view.text}</header> : <Status {...props} view={view} speak={speak} />}
    </section>
  );
};

const Status = (props: PanelProps) => {
  const { view, words, ask, speak, lead } = props;
  const { face, slowText, step, facts, canAct } = view;
  const heading = useRef<HTMLHeadingElement>(null);
  const again = face === 'failed' ? 'btn.retry' : (face === 'synced' || slowText) && 'btn.sync';
  /** A button that has done its work is disabled or goes: the focus stays with the status. */
  const wish = (outputs: Outputs): void => {
    heading.current!.focus();
    ask(outputs);
  };
  const apply = (conflictChoices: string, count: number): void => {
    wish({ conflictChoices });
    speak(countOf(words, 'applied', count));
  };
  /** The button that puts back goes with the trouble, too. */
  const open = (field: string, isUndo: boolean): void => {
    if (isUndo) heading.current!.focus();
    lead(field, isUndo);
  };
  return (
    <div data-face={face} data-microsoft={view.microsoft}>
      <header>
        <Icon name={face} />
        <div>
          <h3 ref={heading} tabIndex={-1}>{view.label}</h3>
          {view.text} {slowText && <span>{slowText}</span>}
        </div>
        {again && canAct && <Button disabled={view.isAsked} onClick={() => wish({ requestedAction: SYNC_NOW })}><Icon name="sync" />{words(again)}</Button>}
      </header>
      <LinePicture {...props} />
      {face === 'pending' && <ol>{steps.map((key, at) => <li key={key} aria-current={at === step}>{words(`step.${key}`)}</li>)}</ol>}
      {face === 'waitingIn' && canAct && <Answer {...props} ask={wish} />}
      {view.conflicts[0] && <ConflictInbox {...props} apply={apply} />}
      {facts[0] && (
        <dl>
          {facts.map(({ label, text, href }) => <div key={label}><dt>{words(label)}</dt><dd>{href ? <a href={href} target="_blank" rel="noreferrer" title={words('btn.open')}>{text}</a> : text}</dd></div>)}
        </dl>
      )}
      {view.reasons[0] && <ReasonList {...props} lead={open} />}
      {view.history[0] && <History {...props} />}
    </div>
  );
};

/** Speaks when the status changes: not on load, however long it takes, and not at each step of a trip. */
function useAnnouncement(view: Note | StatusView): readonly [string, (text: string) => void] {
  const [spoken, speak] = useState('');
  const now = view.face !== 'note' ? `${view.label}. ${view.text}` : view.icon === 'loading' ? '' : view.text;
  const last = useRef(now);
  useEffect(() => {
    if (last.current && last.current !== now) speak(now);
    last.current = now;
  });
  return [spoken, speak];
}
