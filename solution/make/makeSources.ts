// Solution: model -> unpacked sources in SolutionPackager's layout. Run by hand; a test says when the committed files are out of step.
import { catalogue } from '../model/catalogue';
import { choices } from '../model/choices';
import { controls } from '../model/controls';
import { opportunityForm } from '../model/forms';
import { roles } from '../model/roles';
import { views, type ViewModel } from '../model/views';
import { webResources } from '../model/webResources';
import { el, toXml, xsi, type Element } from '../xml/element';
import { catalogueTable, extendedTable } from './entityXml';
import { catalogueFormXml, opportunityFormXml } from './formXml';
import type { Ids } from './ids';
import { choiceXml, controlXml, customApiXml, roleXml, webResourceXml } from './smallXml';
import { customizationsXml, solutionXml } from './solutionXml';
import { relationshipsXml } from './systemAttributeXml';
import { viewXml } from './viewXml';

/** Path below solution/src to text, sorted by path. New components take new ids from `ids`. */
export function makeSources(ids: Ids): ReadonlyMap<string, string> {
  const files: Record<string, Element> = {
    'Other/Solution.xml': solutionXml(ids),
    'Other/Customizations.xml': customizationsXml(),
    'Entities/Opportunity/Entity.xml': extendedTable('Opportunity'),
    'Entities/Lead/Entity.xml': extendedTable('Lead'),
    [`Entities/${catalogue.name}/Entity.xml`]: catalogueTable(),
    ...forms(ids),
    ...Object.fromEntries(views.map((view) => viewFile(view, ids))),
    ...Object.fromEntries(choices.map((choice) => [`OptionSets/${choice.name}.xml`, choiceXml(choice)])),
    ...Object.fromEntries(roles.map((role) => [`Roles/${role.name}.xml`, roleXml(role, ids.braced(`role ${role.name}`))])),
    ...Object.fromEntries(webResources.map((each) => [`WebResources/${each.name}.data.xml`, webResourceXml(each, ids.of(`web resource ${each.name}`))])),
    ...Object.fromEntries(controls.map(({ name }) => [`Controls/${name}/ControlManifest.xml.data.xml`, controlXml(name)])),
    ...relationships(),
  };
  const texts = Object.entries(files).map(([path, element]) => [path, toXml(element)] as const);
  // Components that live in folders of their own are exported without a declaration.
  const all = [...texts, ['customapis/cosell_SyncReferral/customapi.xml', toXml(customApiXml(), false)] as const];
  return new Map(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function forms(ids: Ids): Record<string, Element> {
  const own = catalogueFormXml(ids);
  return {
    [`Entities/Opportunity/FormXml/main/{${opportunityForm.id}}.xml`]: opportunityFormXml(ids),
    [`Entities/${catalogue.name}/FormXml/main/${own.id}.xml`]: own.element,
  };
}

function viewFile(view: ViewModel, ids: Ids): readonly [string, Element] {
  const id = ids.braced(`view ${view.key}`);
  const folder = view.table === 'opportunity' ? 'Opportunity' : view.table;
  return [`Entities/${folder}/SavedQueries/${id}.xml`, viewXml(view, id)];
}

function relationships(): Record<string, Element> {
  const all = relationshipsXml();
  const tables = [...new Set(all.map(({ to }) => to))];
  return {
    'Other/Relationships.xml': el('EntityRelationships', xsi, all.map(({ element }) => el('EntityRelationship', { Name: element.attributes.Name }))),
    ...Object.fromEntries(tables.map((table) => [`Other/Relationships/${table}.xml`, el('EntityRelationships', xsi, all.filter(({ to }) => to === table).map(({ element }) => element))])),
  };
}
