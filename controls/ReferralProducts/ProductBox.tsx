// The products: tags in a box, a list of the solutions one can sell, the number below.
import { Callout, DirectionalHint } from '@fluentui/react';
import { Button } from '../shared/Button';
import { Icon } from '../shared/Icon';
import { h, useRef, useState } from '../shared/react';
import type { Frame } from '../shared/theme';
import type { Words } from '../shared/words';
import { knownCatalogue, type Catalogue } from './catalogue';
import { toTags, type Match, type Tag } from './matching';
import { useProductBox, type Change, type ProductBoxState } from './useProductBox';

interface Props {
  readonly ids: readonly string[];
  readonly mode: 'edit' | 'readOnly' | 'masked';
  /** The column's name on this form. */
  readonly label: string;
  readonly words: Words;
  readonly frame: Frame;
  readonly isRightToLeft: boolean;
  readonly id: string;
  readonly read: () => Promise<Catalogue>;
  readonly change: Change;
}

export const ProductBox = (props: Props) => {
  const { mode, words, label, frame } = props;
  return (
    <div {...frame}>
      {mode === 'masked' && <div role="group" aria-label={`${label}, ${words('masked')}`}><div className="cs-still"><Icon name="lock" /><span aria-hidden>•••••••</span></div><small aria-hidden>{words('masked')}</small></div>}
      {mode === 'readOnly' && <ReadOnly {...props} />}
      {mode === 'edit' && <Editable {...props} />}
    </div>
  );
};

const ReadOnly = ({ ids, label }: Props) => {
  const known = knownCatalogue();
  const tags = toTags(ids, known.type === 'read' ? known.solutions : undefined);
  return <div className="cs-tags" role="list" aria-label={label}>{tags.map((tag) => <span key={tag.id} role="listitem" className="cs-tag cs-plain"><TagText tag={tag} /></span>)}{tags.length === 0 && '–'}</div>;
};

const Editable = ({ ids, label, words, frame, isRightToLeft, id, read, change }: Props) => {
  const [catalogue, setCatalogue] = useState(knownCatalogue);
  const hasEntered = useRef(false);
  const outline = useRef<HTMLDivElement>(null);
  const box = useProductBox({ ids, catalogue, isRightToLeft, change });
  const enter = (): void => {
    if (hasEntered.current) return;
    hasEntered.current = true;
    setCatalogue((now) => (now.type === 'read' ? now : { type: 'reading' }));
    void read().then((found) => {
      hasEntered.current = found.type !== 'failed';
      setCatalogue(found);
    });
  };
  const tags = toTags(ids, catalogue.type === 'read' ? catalogue.solutions : undefined);
  const hasFailed = catalogue.type === 'failed';
  const option = box.isOpen && box.matches[box.active] ? `${id}-${box.active}` : undefined;
  return (
    <div>
      <div className="cs-box" ref={outline} onClick={(event) => event.target === event.currentTarget && box.input.current?.focus()}>
        <span ref={box.tags}>
          {tags.map((tag, at) => (
            <span key={tag.id} className={tag.isUnknown ? 'cs-tag cs-unknown' : 'cs-tag'}>
              {tag.isUnknown && <Icon name="warning" />}
              <TagText tag={tag} unknown={words('prod.unknown')} />
              <Button tabIndex={-1} aria-label={words('prod.remove', { name: tag.name })} onClick={() => box.remove(at)} onKeyDown={(event) => box.onTagKey(event, at)}><Icon name="cross" /></Button>
            </span>
          ))}
        </span>
        <input ref={box.input} role="combobox" autoComplete="off" spellCheck={false} value={box.typed} placeholder={words('prod.search')}
          aria-label={words('name.products', { field: label, n: ids.length })} aria-expanded={box.isOpen} aria-autocomplete="list" aria-haspopup="listbox"
          aria-controls={box.isOpen ? `${id}-list` : undefined} aria-activedescendant={option} aria-describedby={hasFailed ? `${id}-error` : undefined}
          onFocus={enter} onBlur={box.leave} onChange={(event) => box.type(event.currentTarget.value)} onKeyDown={box.onKey} onPaste={box.onPaste} />
      </div>
      {box.isOpen && (
        <Callout target={outline} directionalHint={DirectionalHint.bottomLeftEdge} isBeakVisible={false} gapSpace={2} calloutWidth={outline.current?.offsetWidth} calloutMaxHeight={320}
          setInitialFocus={false} preventDismissOnEvent={(event) => event.type !== 'click'} onDismiss={box.close}>
          <div {...frame} className="cosell cs-list" onMouseDown={(event) => event.preventDefault()}>
            <List id={id} box={box} words={words} isReading={catalogue.type !== 'read'} />
          </div>
        </Callout>
      )}
      <div className="cs-below">
        <span id={`${id}-error`} role="status">{hasFailed && words('prod.error')}</span>
        <small aria-hidden>{words('prod.count', { n: ids.length })}</small>
      </div>
    </div>
  );
};

const TagText = ({ tag: { id, name, isUnknown }, unknown }: { readonly tag: Tag; readonly unknown?: string }) => (
  <span>{name}{isUnknown && unknown ? <small>{unknown}</small> : name !== id && <small>{id}</small>}</span>
);

const List = ({ id, box, words, isReading }: { readonly id: string; readonly box: ProductBoxState; readonly words: Words; readonly isReading: boolean }) => {
  const { matches, active } = box;
  return (
    <div>
      <div className="cs-listhead" role="status">{isReading ? words('prod.loading') : matches.length > 0 ? words('prod.header') : words('prod.none', { q: box.typed.trim() })}</div>
      {isReading && [1, 2, 3].map((n) => <div key={n} className="cs-bar" />)}
      <div role="listbox" id={`${id}-list`} aria-label={words('prod.header')} aria-busy={isReading}>
        {matches.map((match, at) => (
          <div key={match.id} id={`${id}-${at}`} role="option" aria-selected={at === active} className={at === active ? 'cs-match cs-active' : 'cs-match'} onClick={() => box.choose(match.id)}
            ref={at === active ? (row) => row?.scrollIntoView({ block: 'nearest' }) : undefined}>
            <span><b><Name match={match} length={box.typed.trim().length} /></b><small>{match.id}</small></span>
            <small>{match.type}</small>
          </div>
        ))}
      </div>
    </div>
  );
};

/** The name with what was typed marked in it. */
const Name = ({ match: { name, at }, length }: { readonly match: Match; readonly length: number }) =>
  at < 0 ? <span>{name}</span> : <span>{name.slice(0, at)}<mark>{name.slice(at, at + length)}</mark>{name.slice(at + length)}</span>;
