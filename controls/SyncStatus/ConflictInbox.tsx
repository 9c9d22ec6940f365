// Conflicts: both values beside what was last agreed, one choice a row, nothing preselected.
import { Button } from '../shared/Button';
import { Icon } from '../shared/Icon';
import { h, useState } from '../shared/react';
import { countOf } from '../shared/words';
import { isStale, keptIn, pick, toChoices, type Picks, type Side } from './conflicts';
import type { PanelProps } from './StatusPanel';
import { crm } from './tools';

interface Props extends PanelProps {
  readonly apply: (choices: string, count: number) => void;
}

export const ConflictInbox = ({ view: { conflicts, canAct }, words, apply }: Props) => {
  const [picks, setPicks] = useState<Picks>({});
  const [applied, setApplied] = useState('');
  // Radios of one name are one group for the whole page, and a page may show the control twice.
  const [group] = useState(Math.random);
  const chosen = conflicts.filter((row) => keptIn(row, picks)).length;
  const choices = toChoices(conflicts, picks);
  const sides: readonly (readonly [Side, string, string, string])[] = [['crm', words('cf.ours'), crm, 'btn.allOurs'], ['partner', words('cf.theirs'), words('node.partner'), 'btn.allTheirs']];
  return (
    <section>
      {canAct && <p>{sides.map(([side, , , all]) => <Button key={side} onClick={() => setPicks(pick(picks, conflicts, side))}>{words(all)}</Button>)}</p>}
      {conflicts.some((row) => isStale(row, picks)) && <p role="alert"><Icon name="you" />{words('cf.stale')}</p>}
      <div aria-hidden>
        <b>{words('cf.field')}</b>
        {sides.map(([side, name, system]) => <div key={side}><b>{name}</b><small>{system}</small></div>)}
      </div>
      {conflicts.map((row) => {
        const agreed = `${words('cf.agreed')} ${row.agreed}`;
        return (
          <div key={row.group} role="radiogroup" aria-label={`${row.label}, ${agreed}`}>
            <div><b>{isStale(row, picks) && <Icon name="you" />}{row.label}</b> <small>{agreed}</small></div>
            {sides.map(([side, name]) => (
              <label key={side}>
                <input type="radio" name={group + row.group} checked={keptIn(row, picks) === side} disabled={!canAct} onChange={() => setPicks(pick(picks, [row], side))}
                  aria-label={[name, row[side].text, row[side].spoken].filter(Boolean).join(', ')} />
                <span><small>{name}</small><b>{row[side].text}</b><small>{row[side].more}</small></span>
              </label>
            ))}
          </div>
        );
      })}
      <footer>
        <small>{words('cf.kept')}</small>
        {canAct && <Button className="cs-primary" disabled={!chosen || choices === applied} onClick={() => { setApplied(choices); apply(choices, chosen); }}>{countOf(words, 'btn.apply', chosen)}</Button>}
      </footer>
    </section>
  );
};
