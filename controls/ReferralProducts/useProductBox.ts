// How the products box behaves: typing, choosing, pasting, and the keys. What it looks like is ProductBox's business.
import type { ClipboardEvent, KeyboardEvent, RefObject } from 'react';
import { useEffect, useRef, useState } from '../shared/react';
import { toSolutionIds } from '../shared/solutionIds';
import type { Catalogue } from './catalogue';
import { findMatches, LETTERS, type Match } from './matching';

export interface ProductBoxState {
  readonly typed: string;
  readonly matches: readonly Match[];
  readonly isOpen: boolean;
  readonly active: number;
  readonly input: RefObject<HTMLInputElement>;
  readonly tags: RefObject<HTMLSpanElement>;
  type(text: string): void;
  choose(id: string): void;
  remove(at: number): void;
  close(): void;
  /** The focus leaves the box. */
  leave(): void;
  onKey(event: KeyboardEvent): void;
  onTagKey(event: KeyboardEvent, at: number): void;
  onPaste(event: ClipboardEvent<HTMLInputElement>): void;
}

/** React 16 listens at the document: its own way of stopping an event does not reach those who listen there, too. */
function keepFromForm(event: KeyboardEvent): void {
  event.stopPropagation();
  event.nativeEvent.stopImmediatePropagation();
}

const PAUSE = 250;

/** Makes the new ids from those of now, which may be newer than what is shown. */
export type Change = (edit: (ids: readonly string[]) => readonly string[]) => void;

interface Given {
  readonly ids: readonly string[];
  readonly catalogue: Catalogue;
  readonly isRightToLeft: boolean;
  readonly change: Change;
}

export function useProductBox({ ids, catalogue, isRightToLeft, change }: Given): ProductBoxState {
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const tags = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => { setAsked(typed.trim()); setActive(0); }, typed.trim().length < LETTERS ? 0 : PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  const next = useRef<number>();
  useEffect(() => {
    if (next.current !== undefined) focusTag(next.current);
    next.current = undefined;
  }, [ids.length]);
  const matches = catalogue.type === 'read' ? findMatches(catalogue.solutions, asked, ids) : [];
  // Where the catalogue cannot be read there is nothing to choose from; the line below the box says so.
  const isOpen = asked.length >= LETTERS && typed !== '' && catalogue.type !== 'failed';
  const [back, on] = isRightToLeft ? ['ArrowRight', 'ArrowLeft'] : ['ArrowLeft', 'ArrowRight'];

  const clear = (): void => { setTyped(''); setAsked(''); };
  const add = (text: string): void => {
    change((now) => toSolutionIds([...now, text].join(';')));
    clear();
  };
  const focusTag = (at: number): void => (tags.current?.querySelectorAll('button')[at] ?? input.current)?.focus();
  const remove = (at: number): void => {
    // The next tag takes the place of the one that goes, once it is gone; after the last one the box is next.
    next.current = at;
    change((now) => now.filter((each) => each !== ids[at]));
  };
  /** The solution whose whole name or id was typed. */
  const named = (): string | undefined => {
    const text = typed.trim().toLocaleLowerCase();
    return catalogue.type === 'read' ? catalogue.solutions.find(({ name, id }) => [name, id].some((each) => each.toLocaleLowerCase() === text))?.id : undefined;
  };
  /** What Enter adds: the marked solution, if the list already shows what was typed; else the one it names, or the text as an id. */
  const enter = (): void => {
    const isShown = isOpen && asked === typed.trim();
    add((isShown ? matches[active]?.id : undefined) ?? named() ?? typed);
  };
  /** An id that was typed in full is no search. */
  const leave = (): void => {
    const id = named();
    if (id === undefined) clear();
    else add(id);
  };

  return {
    typed, matches, isOpen, active, input, tags, remove, close: clear, leave,
    type: setTyped,
    choose: (id) => { add(id); input.current?.focus(); },
    onKey: (event) => {
      const { selectionEnd } = event.currentTarget as HTMLInputElement;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && isOpen) setActive((active + step + matches.length) % (matches.length || 1));
      else if (event.key === 'Enter' && typed.trim()) enter();
      else if (event.key === 'Escape' && (isOpen || typed)) { keepFromForm(event); clear(); }
      else if (ids.length > 0 && ((event.key === 'Backspace' && !typed) || (event.key === back && !selectionEnd))) focusTag(ids.length - 1);
      else return;
      event.preventDefault();
    },
    onTagKey: (event, at) => {
      if (event.key === back) focusTag(Math.max(0, at - 1));
      else if (event.key === on) focusTag(at + 1);
      else if (event.key === 'Delete' || event.key === 'Backspace') remove(at);
      else return;
      event.preventDefault();
    },
    onPaste: (event) => {
      const text = event.clipboardData.getData('text');
      if (!/[;,\n，；]/.test(text.trim())) return;
      event.preventDefault();
      add(text);
    },
  };
}
