// Portal: what may still be changed in an active deal.
import type { DealView } from '../../portal/dealView';
import type { PortalState } from '../../portal/portalRoutes';
import type { Refused } from '../live';
import { say } from '../words';
import { ChoiceField, Panel, TextField } from './Panel';

interface EditDealPanelProps {
  readonly deal: DealView;
  readonly state: PortalState;
  readonly refused: Refused | undefined;
  readonly onSave: (edit: object) => void;
  readonly onClose: () => void;
}

export function EditDealPanel({ deal, state, refused, onSave, onClose }: EditDealPanelProps): JSX.Element {
  const first = { dealValue: String(deal.value), closingDate: deal.closing, notes: deal.notes, solution: deal.solutions[0]?.id ?? '' };
  const [draft, setDraft] = React.useState(first);
  const set = (name: keyof typeof first) => (value: string): void => setDraft({ ...draft, [name]: value });
  const save = (): void => {
    const changed = (name: keyof typeof first): boolean => draft[name] !== first[name];
    onSave({
      ...(changed('dealValue') ? { dealValue: Number(draft.dealValue.replaceAll(',', '')) } : {}),
      ...(changed('closingDate') ? { closingDate: draft.closingDate } : {}),
      ...(changed('notes') ? { notes: draft.notes } : {}),
      ...(changed('solution') ? { solutions: [draft.solution, ...deal.solutions.slice(1).map(({ id }) => id)] } : {}),
    });
  };
  return (
    <Panel title={say('portal.edit')} lead={deal.name} confirm={say('portal.save')} refused={refused} isTouched={JSON.stringify(draft) !== JSON.stringify(first)} onConfirm={save} onClose={onClose}>
      <TextField label={say('portal.form.value')} value={draft.dealValue} onChange={set('dealValue')} suffix={deal.currency} isNumber isFirst />
      <TextField label={say('portal.form.closing')} value={draft.closingDate} onChange={set('closingDate')} type="date" />
      <ChoiceField label={say('portal.form.solution')} value={draft.solution} onChange={set('solution')} choices={state.solutions.map(({ id, name }) => [id, `${name} (${id})`])} />
      <TextField label={say('portal.notes')} value={draft.notes} onChange={set('notes')} isLong />
    </Panel>
  );
}
