// The shapes of all metadata, as @salesforce/types derives them from the Metadata API's WSDL.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface Member {
  readonly type: ts.TypeNode;
  readonly isList: boolean;
  readonly isRequired: boolean;
}

export interface MetadataTypes {
  /** Members of a named type, or `undefined` when there is no such type. */
  members(type: string): ReadonlyMap<string, Member> | undefined;
  /** The words that a type allows, when it allows only some. */
  words(type: ts.TypeNode): readonly string[] | undefined;
}

/** @param tools folder of the checks' tools */
export function readMetadataTypes(tools: string): MetadataTypes {
  const path = join(tools, 'node_modules/@salesforce/types/lib/metadata.d.ts');
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  const types = new Map(file.statements.filter(ts.isTypeAliasDeclaration).map((each) => [each.name.text, each.type]));
  const members = (type: string): Map<string, Member> | undefined => {
    const node = types.get(type);
    return node && membersOf(node, (name) => members(name));
  };
  return { members, words: (type) => wordsOf(type, types) };
}

function membersOf(node: ts.TypeNode, named: (name: string) => Map<string, Member> | undefined): Map<string, Member> | undefined {
  if (ts.isIntersectionTypeNode(node)) return new Map(node.types.flatMap((each) => [...(membersOf(each, named) ?? [])]));
  if (ts.isTypeReferenceNode(node)) return named(node.typeName.getText());
  if (!ts.isTypeLiteralNode(node)) return undefined;
  return new Map(node.members.filter(ts.isPropertySignature).map((each) => {
    const isList = each.type !== undefined && ts.isArrayTypeNode(each.type);
    return [each.name.getText(), { type: isList ? (each.type as ts.ArrayTypeNode).elementType : each.type!, isList, isRequired: !isList && each.questionToken === undefined }];
  }));
}

function wordsOf(type: ts.TypeNode, types: ReadonlyMap<string, ts.TypeNode>): readonly string[] | undefined {
  if (ts.isTypeReferenceNode(type)) {
    const named = types.get(type.typeName.getText());
    return named && wordsOf(named, types);
  }
  const single = ts.isUnionTypeNode(type) ? type.types : [type];
  const words = single.map((each) => (ts.isLiteralTypeNode(each) && ts.isStringLiteral(each.literal) ? each.literal.text : undefined));
  return words.every((word) => word !== undefined) ? words : undefined;
}
