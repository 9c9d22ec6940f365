// Opportunity form: the open tab with its sections. All tabs are kept alive, so that a component lives as long as the form.
import type { CellModel, SectionModel, TabModel } from '../../../shipped/formModel';
import type { OpenForm } from '../openForm';
import { Cell } from './Cell';
import { useNarrow } from './useNarrow';

export function FormBody({ form }: { readonly form: OpenForm }): JSX.Element {
  const { tabs } = form.session.page.form;
  return (
    <>
      {tabs.map((tab) => (
        <Tab key={tab.name} tab={tab} form={form} />
      ))}
    </>
  );
}

function Tab({ tab, form }: { readonly tab: TabModel; readonly form: OpenForm }): JSX.Element | null {
  const { screen } = form;
  const isNarrow = useNarrow();
  const state = screen.tabs.find(({ name }) => name === tab.name);
  if (!state?.isVisible) return null;
  const isOpen = screen.activeTab() === tab.name;
  const columns = isNarrow ? statusFirst(tab.columns) : tab.columns;
  return (
    <div id={`${form.session.key}-panel-${tab.name}`} className="form-tab" role="tabpanel" aria-labelledby={`${form.session.key}-tab-${tab.name}`} hidden={!isOpen} style={isNarrow ? undefined : { gridTemplateColumns: tab.columns.map(({ width }) => `minmax(0, ${Number.parseFloat(width)}fr)`).join(' ') }}>
      {columns.map((column, at) => (
        <div key={column.sections[0]?.name ?? at} className="form-column">
          {column.sections.map((section) => (
            <Section key={section.name} section={section} form={form} />
          ))}
        </div>
      ))}
    </div>
  );
}

/** On a narrow screen columns become one; the product asks for its status first there (docs/unproved.md says what is not known of the platform). */
function statusFirst(columns: TabModel['columns']): TabModel['columns'] {
  const isStatus = ({ sections }: TabModel['columns'][number]): boolean => sections.some(({ name }) => name === 'cosell_status');
  return [...columns.filter(isStatus), ...columns.filter((column) => !isStatus(column))];
}

function Section({ section, form }: { readonly section: SectionModel; readonly form: OpenForm }): JSX.Element | null {
  const state = form.screen.tabs.flatMap(({ sections }) => sections).find(({ name }) => name === section.name);
  if (!state?.isVisible) return null;
  return (
    <section className="card form-section" aria-label={state.label} data-section={section.name}>
      {section.showsLabel ? <h2>{state.label}</h2> : null}
      {section.rows.flat().map((cell: CellModel) => (
        <Cell key={cell.id} cell={cell} form={form} />
      ))}
    </section>
  );
}
