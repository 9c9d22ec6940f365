// Opportunity form: a lookup: the chosen record as a link with a cross, or a box that searches by name.
import { Icon } from '../../look/Icon';
import { say } from '../../words';
import { fetchTable, formAddress } from '../openForm';
import { bareId, bracedId, type LookupValue } from '../record/values';
import { readRows } from '../record/webApi';
import type { InputProps } from './Cell';

interface Found extends LookupValue {
  readonly more: string;
}

const SHOWN = 8;
const TYPING_MS = 200;

export function LookupInput(props: InputProps): JSX.Element {
  const chosen = (props.attribute.value as readonly LookupValue[] | null)?.[0];
  const wantsFocus = React.useRef(false);
  // At once: whoever has gone on to the next field meanwhile is not called back.
  React.useLayoutEffect(() => {
    if (wantsFocus.current) document.getElementById(props.id)?.focus();
    wantsFocus.current = false;
  }, [chosen?.id]);
  const enter: InputProps['enter'] = (value) => {
    wantsFocus.current = true;
    props.enter(value);
  };
  return chosen ? <Chosen {...props} enter={enter} chosen={chosen} /> : <Search {...props} enter={enter} />;
}

function Chosen({ id, chosen, enter, form, attribute }: InputProps & { readonly chosen: LookupValue }): JSX.Element {
  const isOpenable = chosen.entityType === 'account' || chosen.entityType === 'contact' || chosen.entityType === 'opportunity';
  const address = formAddress(chosen.entityType, bareId(chosen.id));
  return (
    <span className="input lookup">
      {isOpenable ? <a id={id} href={address} onClick={(event) => (event.preventDefault(), void form.leave(address))}>{chosen.name}</a> : <span id={id} tabIndex={-1}>{chosen.name}</span>}
      <button type="button" className="icon-button" aria-label={say('dyn.clear', { field: attribute.column.label })} onClick={() => enter(null)}><Icon name="close" size={12} /></button>
    </span>
  );
}

function Search(props: InputProps): JSX.Element {
  const { id, attribute, enter } = props;
  const [text, setText] = React.useState('');
  const [isOpen, setOpen] = React.useState(false);
  const [active, setActive] = React.useState(0);
  const found = useFound(attribute.column.targets ?? [], text, isOpen);
  const choose = (one: Found | undefined): void => {
    if (!one) return;
    setOpen(false);
    enter([{ id: one.id, name: one.name, entityType: one.entityType }]);
  };
  const onKey = (event: React.KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      setActive((at) => Math.max(0, Math.min(found.length - 1, at + (event.key === 'ArrowDown' && isOpen ? 1 : event.key === 'ArrowUp' ? -1 : 0))));
    }
    if (event.key === 'Enter' && isOpen) choose(found[active]);
    if (event.key === 'Escape') setOpen(false);
  };
  const isShown = isOpen && found.length > 0;
  return (
    <span className="lookup-search">
      <input
        id={id} className="input" type="text" role="combobox" autoComplete="off" aria-expanded={isShown} aria-controls={`list-${id}`} aria-activedescendant={isShown ? `${id}-${active}` : undefined} aria-invalid={props.isInvalid || undefined} aria-describedby={props.describedBy}
        placeholder={say('dyn.lookFor', { field: attribute.column.label })} value={text} onKeyDown={onKey} onFocus={() => setOpen(true)} onBlur={() => setOpen(false)}
        onChange={(event) => (setText(event.target.value), setActive(0), setOpen(true))}
      />
      <ul id={`list-${id}`} role="listbox" className="lookup-list" hidden={!isShown} aria-label={attribute.column.label}>
        {found.map((one, at) => (
          // A press must not take the focus away from the box before it counts.
          <li key={one.id} id={`${id}-${at}`} role="option" aria-selected={at === active} onMouseDown={(event) => (event.preventDefault(), choose(one))}>
            <span>{one.name}</span>
            <span className="small">{one.more}</span>
          </li>
        ))}
      </ul>
    </span>
  );
}

function useFound(targets: readonly { readonly table: string }[], text: string, isOpen: boolean): readonly Found[] {
  const [found, setFound] = React.useState<readonly Found[]>([]);
  React.useEffect(() => {
    if (!isOpen) return undefined;
    let isOver = false;
    const timer = setTimeout(() => {
      Promise.all(targets.map(({ table }) => search(table, text))).then((all) => !isOver && setFound(all.flat().slice(0, SHOWN)), () => !isOver && setFound([]));
    }, text === '' ? 0 : TYPING_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [text, isOpen]);
  return found;
}

const MORE: Readonly<Record<string, string>> = { account: 'address1_city', contact: 'emailaddress1', transactioncurrency: 'isocurrencycode' };

async function search(name: string, text: string): Promise<readonly Found[]> {
  const table = await fetchTable(name);
  const more = MORE[name];
  const filter = text === '' ? '' : `&$filter=${encodeURIComponent(`contains(${table.primaryName},'${text.replaceAll("'", "''")}')`)}`;
  const rows = await readRows(`${table.set}?$select=${[table.primaryName, more].filter(Boolean).join(',')}${filter}&$orderby=${table.primaryName}&$top=${SHOWN}`);
  return rows.map((row) => ({ id: bracedId(String(row[table.id])), name: String(row[table.primaryName] ?? ''), entityType: name, more: more ? String(row[more] ?? '') : '' }));
}
