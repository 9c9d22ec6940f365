// What one file says of another: tabs, layouts, lists, credentials. And what must never be in a package: a secret, somebody's address.
import type { Finding } from './finding';
import type { Objects } from './objects';
import { child, childrenOf, textOf, type XmlNode } from './parseXml';
import { metadataFiles, type Project } from './project';

const placeholder = 'https://cosell.example.com';
const standardColumns = ['NAME'];

export const checkReferences = (project: Project, objects: Objects): Finding[] => [
  ...tabs(project, objects),
  ...layouts(project, objects),
  ...lists(project, objects),
  ...namedCredentials(project),
  ...headerSettings(project),
  ...externalCredentials(project),
  ...descriptions(project),
];

const tabs = (project: Project, objects: Objects): Finding[] =>
  metadataFiles(project, 'tabs/', 'tab').filter(({ name }) => !objects.has(name)).map(({ file, name }) => ({ file, line: 1, what: `There is no object ${name}.` }));

const layouts = (project: Project, objects: Objects): Finding[] =>
  metadataFiles(project, 'layouts/', 'layout').flatMap(({ file, name, root }) => {
    const [object = ''] = name.split('-');
    return deep(root, 'field').filter((node) => !objects.field(object, node.text)).map((node) => ({ file, line: node.line, what: `There is no field ${object}.${node.text}.` }));
  });

const lists = (project: Project, objects: Objects): Finding[] =>
  [...metadataFiles(project, 'objects/', 'listView'), ...metadataFiles(project, 'objects/', 'object')].flatMap(({ file, root }) => {
    const object = file.split('/objects/')[1]!.split('/')[0]!;
    const columns = ['columns', 'lookupDialogsAdditionalFields', 'searchResultsAdditionalFields'].flatMap((name) => deep(root, name));
    return columns.filter((node) => !standardColumns.includes(node.text) && !objects.field(object, node.text)).map((node) => ({ file, line: node.line, what: `There is no field ${object}.${node.text}.` }));
  });

const deep = (node: XmlNode, name: string): XmlNode[] => node.children.flatMap((each) => [...(each.name === name ? [each] : []), ...deep(each, name)]);

function namedCredentials(project: Project): Finding[] {
  const external = metadataFiles(project, 'externalCredentials/', 'externalCredential').map(({ name }) => name);
  return metadataFiles(project, 'namedCredentials/', 'namedCredential').flatMap(({ file, root }) =>
    childrenOf(root, 'namedCredentialParameters').flatMap((parameter): Finding[] => {
      const value = child(parameter, 'parameterValue');
      const credential = child(parameter, 'externalCredential');
      if (credential && !external.includes(credential.text)) return [{ file, line: credential.line, what: `There is no external credential ${credential.text}.` }];
      return textOf(parameter, 'parameterType') === 'Url' && value?.text !== placeholder ? [{ file, line: value?.line ?? parameter.line, what: `The package carries ${placeholder}; an admin puts the real address in its place.` }] : [];
    }));
}

/** What a header of the external credential needs of the named one (Salesforce Help, "Use Custom Headers for Basic Authentication with Named Credentials"): otherwise every bell goes without its key, or with another one. */
const headerNeeds = [['allowMergeFieldsInHeader', 'true', 'Without it the header is sent as it is written, and the key is not in it.'], ['generateAuthorizationHeader', 'false', 'Salesforce would send an Authorization header of its own.']] as const;

const headerSettings = (project: Project): Finding[] =>
  metadataFiles(project, 'namedCredentials/', 'namedCredential').flatMap(({ file, root }) =>
    headerNeeds.filter(([name, wanted]) => textOf(root, name) !== wanted).map(([name, wanted, why]) => ({ file, line: (child(root, name) ?? root).line, what: `<${name}> must be ${wanted}. ${why}` })));

/** A header may only name a secret that is typed in Setup. */
function externalCredentials(project: Project): Finding[] {
  return metadataFiles(project, 'externalCredentials/', 'externalCredential').flatMap(({ file, name, root }) =>
    childrenOf(root, 'externalCredentialParameters').filter((parameter) => child(parameter, 'parameterValue') && !new RegExp(`^\\{!'Bearer ' & \\$Credential\\.${name}\\.\\w+\\}$`).test(textOf(parameter, 'parameterValue')))
      .map((parameter) => ({ file, line: child(parameter, 'parameterValue')!.line, what: `This would put a secret into the package; name a parameter instead: {!'Bearer ' & $Credential.${name}.DoorbellKey}.` })));
}

/** Setup takes 255 characters of description for these (Metadata API guide). */
const descriptions = (project: Project): Finding[] =>
  [['permissionsets/', 'permissionset'], ['customPermissions/', 'customPermission'], ['namedCredentials/', 'namedCredential'], ['externalCredentials/', 'externalCredential']]
    .flatMap(([folder, suffix]) => metadataFiles(project, folder!, suffix!))
    .filter(({ root }) => textOf(root, 'description').length > 255)
    .map(({ file, root }) => ({ file, line: child(root, 'description')!.line, what: 'A description has 255 characters at most.' }));
