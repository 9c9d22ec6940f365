// Pages of the try-out: the striped ribbon that says on a page that it is not the real one.
import { readSettings } from '../settings';
import { say, type WordKey } from '../words';
import { Icon } from './Icon';

export function Ribbon({ word }: { readonly word: WordKey }): JSX.Element {
  const [strong, rest] = split(say(word));
  return (
    <aside className="ribbon" aria-label={strong}>
      <Icon name="flask" size={15} />
      <p>
        <b>{strong}</b>
        {rest}
      </p>
      <a href={readSettings().paths.start}>{say('portal.back')}</a>
    </aside>
  );
}

/** `**bold** rest`, in either order of the two; the rest with the blank that its language puts there, or none. */
function split(text: string): readonly [string, string] {
  const hit = /^(?<before>.*?)\*\*(?<bold>[^*]+)\*\*(?<rest>.*)$/s.exec(text);
  return [`${hit?.groups?.before ?? ''}${hit?.groups?.bold ?? ''}`, hit?.groups?.rest ?? text];
}
