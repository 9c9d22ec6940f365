// The seller's answer to a deal that Microsoft sent. Declining is final, so it asks for the reason in place and says so.
import { Button } from '../shared/Button';
import { h, useRef, useState } from '../shared/react';
import type { PanelProps } from './StatusPanel';

const ACCEPT = 481_200_001;
const DECLINE = 481_200_002;

export const Answer = ({ view: { isAsked }, words, ask }: PanelProps) => {
  const [isDeclining, setDeclining] = useState(false);
  const [requestedReason, setReason] = useState('');
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setDeclining(false);
    button.current!.focus();
  };
  return (
    <fieldset disabled={isAsked}>
      <Button className="cs-primary" onClick={() => ask({ requestedAction: ACCEPT })}>{words('btn.accept')}</Button>
      <button type="button" ref={button} aria-expanded={isDeclining} onClick={() => setDeclining(!isDeclining)}>{words('btn.decline')}</button>
      {isDeclining && (
        <div role="group" aria-label={words('decline.title')} onKeyDown={(event) => event.key === 'Escape' && (event.stopPropagation(), event.nativeEvent.stopImmediatePropagation(), close())}>
          <b>{words('decline.title')}</b>
          <label>
            {words('decline.reason')}
            <select autoFocus value={requestedReason} onChange={(event) => setReason(event.currentTarget.value)}>
              <option />
              {[1, 2, 3, 4, 5, 6, 7, 8].map((n) => <option key={n}>{words(`decline.${n}`)}</option>)}
            </select>
          </label>
          <Button className="cs-primary" disabled={!requestedReason} onClick={() => ask({ requestedReason, requestedAction: DECLINE })}>{words('decline.confirm')}</Button>
          <Button onClick={close}>{words('decline.cancel')}</Button>
        </div>
      )}
    </fieldset>
  );
};
