// Solution sources: components that are a few lines each.
import { choiceValue, type ChoiceModel } from '../model/choices';
import { columns } from '../model/columns';
import type { RoleModel } from '../model/roles';
import type { WebResourceModel } from '../model/webResources';
import { both, languages, type Words } from '../model/words';
import { el, texts, xsi, type Element } from '../xml/element';
import { descriptions, displayNames, labels } from './labels';
import { introduced } from './version';

/** A global choice: label and description are those of the column that has its name. */
export function choiceXml({ name, options }: ChoiceModel): Element {
  const column = columns.find((each) => each.name === name);
  if (!column) throw new Error(`There is no column ${name} for the choice of that name. Add it to model/columns.ts.`);
  return el('optionset', { Name: name, localizedName: column.label.en, ...xsi }, [
    ...texts({ OptionSetType: 'picklist', IsGlobal: 1, IntroducedVersion: introduced, IsCustomizable: 1 }),
    displayNames(column.label),
    descriptions(column.about),
    el('options', {}, options.map((label, at) => el('option', { value: choiceValue(at) }, [labels(label)]))),
  ]);
}

/** `isinherited`: a member of a team that has the role has it as their own, too. */
export const roleXml = ({ name, privileges }: RoleModel, id: string): Element => el('Role', { id, name, isinherited: 1, ...xsi }, [
  ...texts({ IsCustomizable: 1, IntroducedVersion: introduced }),
  el('RolePrivileges', {}, [...privileges].sort((a, b) => (a.name < b.name ? -1 : 1)).map((each) => el('RolePrivilege', { name: each.name, level: each.level }))),
]);

/** @param id lower case, without braces */
export const webResourceXml = ({ name, title, type }: WebResourceModel, id: string): Element => el('WebResource', xsi, texts({
  WebResourceId: `{${id}}`, Name: name, DisplayName: title, WebResourceType: type, IntroducedVersion: introduced,
  // The form works offline, too.
  IsEnabledForMobileClient: 1, IsAvailableForMobileOffline: 1,
  IsCustomizable: 1, CanBeDeleted: 1, IsHidden: 0,
  // An export's rule: the name without slashes and dots, then the id.
  FileName: `/WebResources/${name.replace(/[/.]/g, '')}${id.toUpperCase()}`,
}));

export const controlXml = (name: string): Element => el('CustomControl', xsi, texts({ Name: name, FileName: `/Controls/${name}/ControlManifest.xml` }));

/** A bell that the seller's own browser rings (contract, "Custom API"): no plug-in; a step on it carries the call to the service, synchronously. */
export function customApiXml(): Element {
  const texted = (name: string, words: Words): Element => el(name, { default: words.en }, (['en', 'zh'] as const).map((language) => el('label', { description: words[language], languagecode: languages[language] })));
  const [label, about] = [both('Sync referral', '同步引荐'), both('Asks the sync service to look at an opportunity now.', '请求同步服务立即查看商机。')];
  return el('customapi', { uniquename: 'cosell_SyncReferral' }, [
    ...texts({ allowedcustomprocessingsteptype: 2, bindingtype: 1, boundentitylogicalname: 'opportunity' }),
    texted('description', about),
    texted('displayname', label),
    ...texts({ executeprivilegename: 'prvWriteOpportunity', iscustomizable: 0, isfunction: 0, isprivate: 0, name: 'cosell_SyncReferral', workflowsdkstepenabled: 0 }),
  ]);
}
