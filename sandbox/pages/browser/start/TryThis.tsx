// Start page: three things to do, each told by the names of what is pressed.
import { say, type WordKey } from '../words';

const THINGS: readonly (readonly [WordKey, WordKey])[] = [
  ['try.save.title', 'try.save.text'],
  ['try.deal.title', 'try.deal.text'],
  ['try.conflict.title', 'try.conflict.text'],
];

export function TryThis(): JSX.Element {
  return (
    <section className="card try" aria-labelledby="try">
      <h2 id="try">{say('start.try')}</h2>
      <ol>
        {THINGS.map(([title, text], at) => (
          <li key={title}>
            <span className="number" aria-hidden="true">{at + 1}</span>
            <div>
              <h3>{say(title)}</h3>
              <p>{say(text)}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
