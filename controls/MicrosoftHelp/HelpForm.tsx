// The kind of help and the notes to Microsoft: open before Microsoft is asked, afterwards values behind a lock, with the reason.
import type { ReactNode } from 'react';
import { Icon } from '../shared/Icon';
import { h, useEffect, useRef, useState } from '../shared/react';
import type { Frame } from '../shared/theme';
import type { Words } from '../shared/words';
import type { Field, View } from './view';

interface Props {
  readonly view: View;
  readonly words: Words;
  readonly frame: Frame;
  /** Tells the two apart when a form holds the control twice. */
  readonly id: string;
  readonly chooseHelp: (value: number | null) => void;
  readonly writeNotes: (text: string) => void;
}

export const HelpForm = ({ view, words, frame, id, chooseHelp, writeNotes }: Props) => {
  const { help, notes, lockedText, warning } = view;
  const why = lockedText && notes?.mode !== 'masked' ? `${id}-why` : undefined;
  return (
    <div {...frame}>
      <div className="cs-gap">
        {help.mode === 'edit' ? <HelpChoices id={id} view={view} label={words('fld.help')} choose={chooseHelp} /> : (
          <Still id={`${id}-help`} label={words('fld.help')} mode={help.mode} masked={words('masked')} describedBy={lockedText ? `${id}-why` : undefined} isOutside>
            <b>{help.chosen.label}</b>
            <small>{help.chosen.text}</small>
          </Still>
        )}
        {notes && (notes.mode === 'edit' ? <Notes id={id} label={words('fld.notes')} placeholder={words('notes.placeholder')} {...notes} write={writeNotes} /> : (
          <Still id={`${id}-notes`} label={words('fld.notes')} mode={notes.mode} masked={words('masked')} describedBy={why} isOutside={notes.mode !== 'locked'}>
            <span className="cs-text">{notes.text || '–'}</span>
          </Still>
        ))}
        {lockedText && <small id={`${id}-why`}>{lockedText}</small>}
      </div>
      <div role="status">{warning && <div className="cs-warn" id={`${id}-warning`}><Icon name="warning" /><span>{warning}</span></div>}</div>
    </div>
  );
};

const HelpChoices = ({ id, view: { help, warning }, label, choose }: { readonly id: string; readonly view: View; readonly label: string; readonly choose: Props['chooseHelp'] }) => (
  <div role="radiogroup" aria-labelledby={`${id}-label`} aria-describedby={warning ? `${id}-warning` : undefined}>
    <div className="cs-label" id={`${id}-label`}>{label}</div>
    {help.options.map(({ value, label: name, text }, at) => {
      return (
        <label key={at} className="cs-option">
          <input type="radio" name={id} checked={value === help.chosen.value} aria-label={name} aria-describedby={`${id}-${at}`} onChange={() => choose(value)} />
          <span>
            <span className="cs-title">{name}</span>
            <small id={`${id}-${at}`}>{text}</small>
          </span>
        </label>
      );
    })}
  </div>
);

interface StillProps extends Field {
  readonly id: string;
  readonly label: string;
  readonly masked: string;
  readonly describedBy: string | undefined;
  /** The label stands above the box, not in it. */
  readonly isOutside: boolean;
  readonly children: ReactNode;
}

/** A value that is not to be changed here. */
const Still = ({ id, label, mode, masked, describedBy, isOutside, children }: StillProps) => {
  const isMasked = mode === 'masked';
  return (
    <div role="group" aria-labelledby={id} aria-describedby={isMasked ? `${id}-masked` : describedBy}>
      {isOutside && <div className="cs-label" id={id}>{label}</div>}
      <div className="cs-still">
        {mode !== 'readOnly' && <Icon name="lock" />}
        <div>
          {!isOutside && <small id={id}>{label}</small>}
          {isMasked ? <span aria-hidden>•••••••</span> : children}
        </div>
      </div>
      {isMasked && <small id={`${id}-masked`}>{masked}</small>}
    </div>
  );
};

const PAUSE = 300;

interface NotesProps {
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  readonly maxLength: number;
  readonly write: (text: string) => void;
}

/** The form learns of the text at a pause and when the focus leaves, not at every key. What comes from the form meanwhile wins, unless there is something that it has not taken yet. */
const Notes = ({ id, label, placeholder, text, maxLength, write }: NotesProps) => {
  const [typed, type] = useState<string>();
  const box = useRef<HTMLTextAreaElement>(null);
  const shown = typed ?? text;
  const hand = (): void => {
    if (typed !== undefined && typed !== text) write(typed);
  };
  useEffect(() => {
    const timer = setTimeout(hand, PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    if (typed === text) type(undefined);
  }, [typed, text]);
  useEffect(() => {
    const { current } = box;
    if (!current) return;
    current.style.height = 'auto';
    current.style.height = `${current.scrollHeight}px`;
  }, [shown]);
  return (
    <div>
      <label className="cs-label" htmlFor={`${id}-notes`}>{label}</label>
      <textarea id={`${id}-notes`} ref={box} rows={3} value={shown} placeholder={placeholder} maxLength={maxLength} onChange={(event) => type(event.currentTarget.value)}
        onBlur={hand} />
    </div>
  );
};
