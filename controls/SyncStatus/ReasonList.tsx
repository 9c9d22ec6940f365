// Why it is not in sync: one row per reason, most fixable first, and one press to the field.
import { Button } from '../shared/Button';
import { Icon } from '../shared/Icon';
import { h, useState } from '../shared/react';
import type { PanelProps } from './StatusPanel';

const FIRST = 5;

export const ReasonList = ({ view: { reasons, label, identifier }, words, lead }: PanelProps) => {
  const [limit, setLimit] = useState(FIRST);
  const [isCopied, setCopied] = useState(false);
  const rest = reasons.length - limit;
  /** For an admin: where the record is, when, the codes and the reference; no values. A browser that refuses leaves the sentences on the screen. */
  const copy = (): void => {
    const lines = [location.href, new Date().toISOString(), label, ...reasons.map((each) => `${each.code} ${each.field}`), identifier];
    navigator.clipboard?.writeText(lines.join('\n')).then(() => setCopied(true), () => undefined);
  };
  const firstAdmin = reasons.find((row) => row.actor === 'admin');
  return (
    <ul>
      {reasons.slice(0, limit).map((row, at) => (
        <li key={at}>
          <Icon name={row.isMended ? 'check' : row.actor} />
          <div>
            <b>{row.isMended ? <s>{row.what}</s> : row.what}</b>
            <small>{row.todo}</small>
            {row === firstAdmin && (
              <Button aria-live="polite" onClick={copy}>
                <Icon name={isCopied ? 'check' : 'copy'} />{words(isCopied ? 'btn.copied' : 'btn.copyAdmin')}
              </Button>
            )}
          </div>
          {row.actor !== 'you' && <small>{words(`actor.${row.actor}`)}</small>}
          {row.door && !row.isMended && <Button aria-label={`${row.door}: ${row.what.replace(/[.。]$/, '')}`} onClick={() => lead(row.field, row.isUndo)}>{row.door}</Button>}
        </li>
      ))}
      {rest > 0 && <li><Button onClick={() => setLimit(reasons.length)}>{words('more.show', { n: rest })}</Button></li>}
    </ul>
  );
};
