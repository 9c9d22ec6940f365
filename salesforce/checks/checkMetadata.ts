// Every metadata file is well-formed XML of the shape that the Metadata API's WSDL gives its type.
import ts from 'typescript';
import type { Finding } from './finding';
import { type MetadataTypes, readMetadataTypes } from './metadataTypes';
import { parseXml, type XmlNode } from './parseXml';
import { fromRoot, type Project } from './project';

/** The root element of the parts that lie in files of their own; every other file's root is its own type. */
export function checkMetadata(project: Project, tools: string): Finding[] {
  const types = readMetadataTypes(tools);
  return [...project.source].filter(([path]) => path.endsWith('-meta.xml')).flatMap(([path, text]) => {
    const { root, problem } = parseXml(text);
    const file = fromRoot(path);
    if (!root) return [{ file, line: problem!.line, what: `This is no XML: ${problem!.what}` }];
    if (root.attributes.xmlns !== 'http://soap.sforce.com/2006/04/metadata') return [{ file, line: root.line, what: 'The namespace of the Metadata API is missing.' }];
    return problemsOf(root, root.name, types).map(({ line, what }) => ({ file, line, what }));
  });
}

interface Problem {
  readonly line: number;
  readonly what: string;
}

function problemsOf(node: XmlNode, type: string, types: MetadataTypes): Problem[] {
  const members = types.members(type);
  if (!members) return [{ line: node.line, what: `The Metadata API knows no type ${type}.` }];
  const seen = new Map<string, number>();
  const found = node.children.flatMap((each): Problem[] => {
    const member = members.get(each.name);
    if (!member) return [{ line: each.line, what: `${type} has no element <${each.name}>.` }];
    seen.set(each.name, (seen.get(each.name) ?? 0) + 1);
    if (seen.get(each.name)! > 1 && !member.isList) return [{ line: each.line, what: `<${each.name}> may stand only once in ${type}.` }];
    return valueProblems(each, member.type, types);
  });
  const missing = [...members].filter(([name, member]) => member.isRequired && !seen.has(name));
  return [...found, ...missing.map(([name]) => ({ line: node.line, what: `${type} needs an element <${name}>.` }))];
}

function valueProblems(node: XmlNode, type: ts.TypeNode, types: MetadataTypes): Problem[] {
  const words = types.words(type);
  if (words) return words.includes(node.text) ? [] : [{ line: node.line, what: `<${node.name}> cannot be "${node.text}"; it is one of ${words.slice(0, 12).join(', ')}${words.length > 12 ? ', …' : ''}.` }];
  if (type.kind === ts.SyntaxKind.BooleanKeyword && !/^(true|false)$/.test(node.text)) return [{ line: node.line, what: `<${node.name}> is true or false, not "${node.text}".` }];
  if (type.kind === ts.SyntaxKind.NumberKeyword && !/^-?\d+(\.\d+)?$/.test(node.text)) return [{ line: node.line, what: `<${node.name}> is a number, not "${node.text}".` }];
  if (!ts.isTypeReferenceNode(type) || !types.members(type.typeName.getText())) return [];
  return problemsOf(node, type.typeName.getText(), types);
}
