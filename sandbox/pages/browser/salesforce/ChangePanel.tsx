// Salesforce: a seller changes an opportunity. Only what differs is saved.
import type { OpportunityView } from '../../salesforce/opportunityView';
import type { Refused } from '../live';
import { Panel, TextField } from '../portal/Panel';
import { say } from '../words';
import { labelOf } from './OpportunityTable';

interface ChangePanelProps {
  readonly opportunity: OpportunityView;
  /** The org's catalogue: id and name. */
  readonly solutions: readonly (readonly [string, string])[];
  readonly refused: Refused | undefined;
  readonly onSave: (values: object) => void;
  readonly onClose: () => void;
}

export function ChangePanel({ opportunity, solutions, refused, onSave, onClose }: ChangePanelProps): JSX.Element {
  const first = { isShared: opportunity.isShared, amount: opportunity.amount === null ? '' : String(opportunity.amount), closing: opportunity.closing, products: opportunity.products, description: opportunity.description };
  // What comes in while somebody types is shown in the table, and is no change of theirs.
  const [before] = React.useState(first);
  const [draft, setDraft] = React.useState(first);
  const [missing, setMissing] = React.useState<string>();
  const set = (name: keyof typeof first) => (value: string | boolean): void => setDraft({ ...draft, [name]: value });
  const save = (): void => {
    setMissing(draft.closing === '' ? say('portal.missing', { field: say('sf.closing') }) : undefined);
    if (draft.closing === '') return;
    const changed = (name: keyof typeof first): boolean => draft[name] !== before[name];
    onSave({
      ...(changed('isShared') ? { Sync_with_Partner_Center__c: draft.isShared } : {}),
      ...(changed('amount') ? { Amount: readAmount(draft.amount) } : {}),
      ...(changed('closing') ? { CloseDate: draft.closing } : {}),
      ...(changed('products') ? { Products__c: draft.products } : {}),
      ...(changed('description') ? { Description: draft.description } : {}),
    });
  };
  return (
    <Panel title={say('portal.edit')} lead={opportunity.name} confirm={say('portal.save')} refused={missing === undefined ? refused : { message: missing }} isTouched={JSON.stringify(draft) !== JSON.stringify(before)} onConfirm={save} onClose={onClose}>
      <label className="check">
        <input type="checkbox" checked={draft.isShared} data-first onChange={(event) => set('isShared')(event.target.checked)} />
        {labelOf('Sync_with_Partner_Center__c')}
      </label>
      <TextField label={labelOf('Products__c')} value={draft.products} onChange={set('products')} suggestions={solutions} />
      <TextField label={say('sf.amount')} value={draft.amount} onChange={set('amount')} suffix={opportunity.currency} isNumber />
      <TextField label={say('sf.closing')} value={draft.closing} onChange={set('closing')} type="date" isRequired />
      <TextField label={say('sf.description')} value={draft.description} onChange={set('description')} isLong />
    </Panel>
  );
}

/** Empty is no amount; what is no number stays text, and is refused in words. */
function readAmount(text: string): number | string | null {
  const plain = text.replaceAll(/[,\s]/g, '');
  return plain === '' ? null : Number.isFinite(Number(plain)) ? Number(plain) : text;
}
