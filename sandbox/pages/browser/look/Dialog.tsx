// Pages of the try-out: a dialog or a panel that keeps the focus until it is closed, and gives it back.

export interface DialogProps {
  readonly label: string;
  readonly className: string;
  /** Asked by Esc and by a press beside it. */
  readonly onDismiss: () => void;
  readonly children: React.ReactNode;
  readonly role?: 'dialog' | 'alertdialog';
}

const FOCUSABLE = 'button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), a[href], [tabindex="0"]';

export function Dialog({ label, className, onDismiss, children, role = 'dialog' }: DialogProps): JSX.Element {
  const box = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const first = box.current?.querySelector<HTMLElement>('[data-first]') ?? box.current?.querySelector<HTMLElement>(FOCUSABLE);
    first?.focus();
    return () => before?.focus();
  }, []);
  const onKey = (event: React.KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onDismiss();
    }
    if (event.key === 'Tab' && box.current) keepInside(event, box.current);
  };
  return (
    <div className="backdrop" onKeyDown={onKey} onMouseDown={(event) => event.target === event.currentTarget && onDismiss()}>
      <div ref={box} className={className} role={role} aria-modal="true" aria-label={label}>
        {children}
      </div>
    </div>
  );
}

function keepInside(event: React.KeyboardEvent, box: HTMLElement): void {
  const all = [...box.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((element) => element.offsetParent !== null);
  const [first, last] = [all[0], all.at(-1)];
  const leaving = event.shiftKey ? first : last;
  if (document.activeElement !== leaving) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
