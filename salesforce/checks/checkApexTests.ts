// Every trigger is saved by a test, for each of its events; every method that others may call is named by a test; every test asserts.
import { below, hasAnnotation, plain, rules, wordsOf, type ApexFile, type ApexRule } from './apexTree';
import type { Finding } from './finding';
import { fromRoot, lineOf, type Project } from './project';

export function checkApexTests(project: Project, files: readonly ApexFile[]): Finding[] {
  const tests = files.filter(({ tree }) => rules(tree, 'typeDeclaration').some((each) => hasAnnotation(each, 'IsTest')));
  const code = files.filter((file) => !tests.includes(file));
  const named = new Set(tests.flatMap(({ tree }) => wordsOf(tree)).map(([text]) => text.toLowerCase()));
  const saved = new Set(tests.flatMap(({ tree }) => savesOf(tree)));
  return [
    ...files.flatMap(({ path, errors }) => errors.map(({ line, what }) => ({ file: fromRoot(path), line, what: `Apex cannot be read here: ${what}` }))),
    ...code.flatMap(({ path, tree }) => triggerProblems(path, tree, saved)),
    ...code.flatMap(({ path, tree }) => methodProblems(path, tree, named)),
    ...tests.flatMap(({ path, tree }) => silentTests(path, tree)),
    ...code.flatMap((file) => nameProblems(project, file)),
    ...versionProblems(project),
  ];
}

/** `insert Opportunity` for each record that a test saves, by the type of the variable. */
function savesOf(tree: ApexRule): string[] {
  return below(tree, 'methodDeclaration').flatMap((method) => {
    const types = new Map(below(method, 'localVariableDeclaration').flatMap((each) => below(each, 'variableDeclarator').map((name) => [plain(rules(name, 'id')[0]!).toLowerCase(), plain(rules(each, 'typeRef')[0]!)] as const)));
    const calls = below(method, 'dotMethodCall', 'insertStatement', 'updateStatement', 'deleteStatement', 'undeleteStatement').map((each) => /^(insert|update|delete|undelete)\(?(\w+)/i.exec(plain(each)));
    return calls.flatMap((call) => {
      const type = call && types.get(call[2]!.toLowerCase());
      return type ? [`${call[1]!.toLowerCase()} ${type.replace(/^List<(\w+)>$/i, '$1').toLowerCase()}`] : [];
    });
  });
}

function triggerProblems(path: string, tree: ApexRule, saved: ReadonlySet<string>): Finding[] {
  if (tree.rule !== 'triggerUnit') return [];
  const [name, object] = rules(tree, 'id').map(plain);
  const events = rules(tree, 'triggerCase').map((each) => ({ line: each.line, verb: plain(each).replace(/^(before|after)/i, '').toLowerCase() }));
  return events.filter(({ verb }) => !saved.has(`${verb} ${object!.toLowerCase()}`)).map(({ line, verb }) => ({ file: fromRoot(path), line, what: `No test does ${verb} with ${object}, so ${name} is not covered.` }));
}

/** Methods that others may call: public, global, or opened to tests. */
function methodProblems(path: string, tree: ApexRule, named: ReadonlySet<string>): Finding[] {
  return below(tree, 'classBodyDeclaration').flatMap((member) => {
    const isOpen = hasAnnotation(member, 'TestVisible') || rules(member, 'modifier').some((each) => /^(public|global)$/i.test(plain(each)));
    const methods = rules(member, 'memberDeclaration').flatMap((each) => rules(each, 'methodDeclaration'));
    return isOpen ? methods.filter((method) => !named.has(nameOf(method)) && !isRunByThePlatform(method)).map((method) => ({ file: fromRoot(path), line: method.line, what: `No test names the method ${nameOf(method)}.` })) : [];
  });
}

const nameOf = (method: ApexRule): string => plain(rules(method, 'id')[0]!).toLowerCase();

/** `run` is called by triggers, which the tests fire; `execute` by the queue. */
const isRunByThePlatform = (method: ApexRule): boolean => /^(run|execute)$/.test(nameOf(method));

function silentTests(path: string, tree: ApexRule): Finding[] {
  const tests = below(tree, 'classBodyDeclaration').filter((member) => hasAnnotation(member, 'IsTest'));
  return tests.filter((member) => !wordsOf(member).some(([text]) => text === 'Assert')).map((member) => ({ file: fromRoot(path), line: member.line, what: 'This test asserts nothing.' }));
}

/** Names that Apex spells as text: the named credential and the custom permission. */
function nameProblems(project: Project, { path }: ApexFile): Finding[] {
  const text = project.source.get(path)!;
  const there = (folder: string, name: string, suffix: string): boolean => project.source.has(`force-app/main/default/${folder}/${name}.${suffix}-meta.xml`);
  const missing = [
    ...[...text.matchAll(/'callout:(\w+)/g)].filter(([, name]) => !there('namedCredentials', name!, 'namedCredential')).map(([whole, name]) => [whole, `There is no named credential ${name} in the package.`] as const),
    ...[...text.matchAll(/checkPermission\('(\w+)'\)/g)].filter(([, name]) => !there('customPermissions', name!, 'customPermission')).map(([whole, name]) => [whole, `There is no custom permission ${name} in the package.`] as const),
  ];
  return missing.map(([whole, what]) => ({ file: fromRoot(path), line: lineOf(text, whole), what }));
}

/** One API version for everything, and one version of the product. */
function versionProblems(project: Project): Finding[] {
  const { sourceApiVersion, packageDirectories } = JSON.parse(project.sfdxProject) as { sourceApiVersion: string; packageDirectories: readonly { versionNumber: string }[] };
  const code = [...project.source].filter(([path]) => /\.(cls|trigger)$/.test(path));
  const other = [...project.source].filter(([path, text]) => /\.(cls|trigger)-meta\.xml$/.test(path) && !text.includes(`<apiVersion>${sourceApiVersion}</apiVersion>`));
  const wrong = packageDirectories.filter(({ versionNumber }) => versionNumber !== `${project.version}.NEXT`);
  return [
    ...code.filter(([path]) => !project.source.has(`${path}-meta.xml`)).map(([path]) => ({ file: fromRoot(path), line: 1, what: `The file ${path.slice(path.lastIndexOf('/') + 1)}-meta.xml is missing.` })),
    ...other.map(([path, text]) => ({ file: fromRoot(path), line: lineOf(text, '<apiVersion>'), what: `The API version is ${sourceApiVersion} in sfdx-project.json.` })),
    ...wrong.map(({ versionNumber }) => ({ file: 'salesforce/sfdx-project.json', line: lineOf(project.sfdxProject, versionNumber), what: `The product's version is ${project.version}; write ${project.version}.NEXT.` })),
  ];
}
