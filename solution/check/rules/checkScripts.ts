// Checker: libraries and functions that forms and views call are in the package, and what the package's web resources are called.
import { runInNewContext } from 'node:vm';
import { textAt } from '../../files';
import { webResources } from '../../model/webResources';
import { allNamed, textOf, walk } from '../../xml/readXml';
import type { Finding } from '../finding';
import { rootsBelow, type Sources } from '../sources';

interface Call {
  readonly file: string;
  readonly line: number;
  readonly library: string;
  readonly functionName: string;
}

export function checkScripts(sources: Sources): Finding[] {
  const shipped = new Set(rootsBelow(sources, 'WebResources/').map(([, root]) => textOf(root, 'Name')));
  const libraries = new Map<string, unknown>();
  const load = (name: string): unknown => {
    if (!libraries.has(name)) libraries.set(name, loaded(sources, name));
    return libraries.get(name);
  };
  return [...called(sources).flatMap((call) => judge(call, shipped, load)), ...referenced(sources, shipped), ...declared(sources), ...fileNames(sources)];
}

/** Handlers of forms and icon functions of views. */
function called(sources: Sources): Call[] {
  return rootsBelow(sources, 'Entities/').flatMap(([file, root]) => [
    ...allNamed(root, 'Handler').map(({ line, attributes }) => ({ file, line, library: attributes.libraryName ?? '', functionName: attributes.functionName ?? '' })),
    ...allNamed(root, 'cell').filter(({ attributes }) => 'imageproviderwebresource' in attributes)
      .map(({ line, attributes }) => ({ file, line, library: (attributes.imageproviderwebresource ?? '').replace(/^\$webresource:/, ''), functionName: attributes.imageproviderfunctionname ?? '' })),
  ]);
}

const notShipped = (file: string, line: number, name: string): Finding => ({ file, line, message: `There is no web resource ${name} in the solution. Correct the name, or add it to solution/model/webResources.ts.` });

function judge({ file, line, library, functionName }: Call, shipped: ReadonlySet<string>, load: (name: string) => unknown): Finding[] {
  if (!shipped.has(library)) return [notShipped(file, line, library)];
  const globals = load(library);
  if (globals instanceof Error) return [{ file, line, message: `${library} cannot be loaded: ${globals.message} Run npm run build and mend what it says.` }];
  const found = functionName.split('.').reduce<unknown>((at, name) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined), globals);
  return typeof found === 'function' ? [] : [{ file, line, message: `${library} has no function ${functionName}. Correct the name, or export the function in webresources/.` }];
}

/** Globals of a script after it ran in an empty world; a script that needs more than that to be loaded would break forms that load it early. */
function loaded({ files }: Sources, name: string): unknown {
  const path = webResources.find((each) => each.name === name)?.file ?? '';
  const text = textAt(files, path);
  if (text === undefined) return new Error(`${path} is missing.`);
  const world: Record<string, unknown> = {};
  for (const self of ['window', 'self', 'globalThis']) world[self] = world;
  try {
    runInNewContext(text, world, { timeout: 2_000, filename: path });
    return world;
  } catch (error) {
    return new Error(`${(error as Error).message}.`);
  }
}

/** Whatever else names a web resource, such as a picture; functions and their libraries are judged with their calls. */
function referenced(sources: Sources, shipped: ReadonlySet<string>): Finding[] {
  return rootsBelow(sources, '').flatMap(([file, root]) => [...walk(root)].flatMap(({ line, text, attributes }) => {
    const named = [text, ...Object.entries(attributes).filter(([name]) => name !== 'imageproviderwebresource').map(([, value]) => value)].flatMap((value) => /^\$webresource:(.+)$/.exec(value)?.[1] ?? []);
    return named.filter((name) => !shipped.has(name)).map((name) => notShipped(file, line, name));
  }));
}

/** A library that handlers use is loaded by the form only when it is listed there. */
function declared(sources: Sources): Finding[] {
  return rootsBelow(sources, 'Entities/').flatMap(([file, root]) => {
    const listed = allNamed(root, 'Library').map((each) => each.attributes.name);
    return allNamed(root, 'Handler').filter((each) => !listed.includes(each.attributes.libraryName))
      .map((each) => ({ file, line: each.line, message: `The form does not load ${each.attributes.libraryName}. Add a Library of that name to formLibraries.` }));
  });
}

/** The file name in a package follows from name and id; another name would be a file that nobody finds. */
function fileNames(sources: Sources): Finding[] {
  return rootsBelow(sources, 'WebResources/').flatMap(([file, root]) => {
    const id = textOf(root, 'WebResourceId').replace(/[{}]/g, '').toUpperCase();
    const wanted = `/WebResources/${textOf(root, 'Name').replace(/[/.]/g, '')}${id}`;
    return textOf(root, 'FileName') === wanted ? [] : [{ file, line: allNamed(root, 'FileName')[0]?.line ?? root.line, message: `FileName must be ${wanted}.` }];
  });
}
