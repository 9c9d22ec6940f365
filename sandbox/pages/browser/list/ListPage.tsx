// A seller's Dynamics 365: the list of opportunities, in the views that the platform and the package bring.
import './list.css';
import type { ListPageModel } from '../../dynamics/pageModels';
import type { ViewModel } from '../../shipped/viewModel';
import { CommandBar, DynamicsShell } from '../dynamics/DynamicsShell';
import { fetchJson, formAddress, openAnywhere, pageDialogs } from '../form/openForm';
import { Overlays } from '../form/view/Overlays';
import { readSettings } from '../settings';
import { useAddress } from '../useAddress';
import { say } from '../words';
import { Grid } from './Grid';
import { readView, type GridRow } from './readView';

export function ListPage(): JSX.Element {
  const { query, go } = useAddress();
  const table = query.get('table') ?? 'opportunity';
  const [model, setModel] = React.useState<ListPageModel>();
  const [rows, setRows] = React.useState<readonly GridRow[]>();
  const [problem, setProblem] = React.useState<string>();
  const [filter, setFilter] = React.useState('');
  const view = model && chosenView(model, query.get('view'));
  const fail = (error: unknown): void => (console.error(error), setProblem(error instanceof Error ? error.message : String(error)));
  const refresh = (): void => {
    if (model && view) readView(view, model.table).then(setRows, fail);
  };
  const showView = (id: string): void => {
    if (id === view?.id) return;
    setRows(undefined);
    go({ table, view: id });
  };
  React.useEffect(() => void fetchJson<ListPageModel>(`/shipped/views/${table}`).then(setModel, fail), [table]);
  React.useEffect(refresh, [view?.id]);
  const shown = (rows ?? []).filter(({ search }) => search.includes(filter.trim().toLocaleLowerCase()));
  return (
    <DynamicsShell go={openAnywhere} onQuickCreate={() => void pageDialogs().openRecord({ kind: 'quick', table }).then(refresh)}>
      <CommandBar commands={[{ icon: 'add', word: 'dyn.new', onRun: () => openAnywhere(formAddress(table, undefined)) }, { icon: 'refresh', word: 'dyn.refresh', onRun: refresh, isOff: !view }]} />
      <section className="card list-card" aria-busy={!rows && !problem}>
        <div className="list-head">
          <h1 className="hidden">{view?.name ?? say('nav.opportunities')}</h1>
          <select className="view-choice" aria-label={say('dyn.view')} value={view?.id ?? ''} onChange={(event) => showView(event.target.value)}>
            {(model?.views ?? []).map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
          </select>
          <input className="input list-filter" type="search" placeholder={say('dyn.filter')} aria-label={say('dyn.filter')} value={filter} onChange={(event) => setFilter(event.target.value)} />
        </div>
        {problem ? <p className="notice notice-error" role="alert">{problem}</p> : null}
        {model && view && rows ? <Grid view={view} table={model.table} rows={shown} /> : problem ? null : <ListLoading />}
        {rows ? <p className="small list-foot">{say('dyn.rows', { n: shown.length })}</p> : null}
      </section>
      <Overlays dialogs={pageDialogs()} />
    </DynamicsShell>
  );
}

const chosenView = ({ views }: ListPageModel, wanted: string | null): ViewModel | undefined => views.find(({ id }) => id === wanted?.replaceAll(/[{}]/g, '').toLowerCase()) ?? views.find(({ isDefault }) => isDefault) ?? views[0];

const ListLoading = (): JSX.Element => (
  <div className="shimmer-card" role="status" aria-label={say('loading')} lang={readSettings().language}>
    {[1, 2, 3, 4].map((row) => <span key={row} className="shimmer" />)}
  </div>
);
