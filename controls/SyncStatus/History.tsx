// The history: closed it is a number and the latest entry, open a search and what happened day by day.
import { Button } from '../shared/Button';
import { Icon } from '../shared/Icon';
import { h, useState } from '../shared/react';
import { countOf } from '../shared/words';
import type { PanelProps } from './StatusPanel';

const PAGE = 50;

export const History = ({ view: { history }, words }: PanelProps) => {
  const [asked, ask] = useState('');
  const [limit, setLimit] = useState(PAGE);
  const found = history.filter((entry) => entry.all.includes(asked.trim().toLowerCase()));
  const count = (n: number): string => countOf(words, 'hist.count', n);
  const { label, fresh } = history[0]!;
  return (
    <details>
      <summary><Icon name="chevron" /><b>{words('hist.title')}</b><small>{count(history.length)}</small>{history[1] && <small>· {label} {fresh}</small>}</summary>
      <input type="search" value={asked} placeholder={words('hist.search')} aria-label={words('hist.search')} onChange={(event) => ask(event.currentTarget.value)} />
      <output>{asked && count(found.length)}</output>
      {found.slice(0, limit).map((entry, at) => (
        <div key={at}>
          {entry.day !== found[at - 1]?.day && <h4>{entry.day}</h4>}
          <time>{entry.time}</time>
          <Icon name={entry.icon} />
          <div>{entry.label} {entry.old && <s>{entry.old}</s>} <b>{entry.fresh}</b><small>{entry.more}</small></div>
        </div>
      ))}
      {found[limit] && <Button onClick={() => setLimit(limit + PAGE)}>{words('more.older')}</Button>}
    </details>
  );
};
