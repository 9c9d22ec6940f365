// Parses Apex in a process of its own: [tools folder] on the command line, {path: text} on standard input, syntax trees as JSON on standard output.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [tools] = process.argv.slice(2);
const { ApexParserFactory, ApexErrorListener } = await import(pathToFileURL(join(tools, 'node_modules/@apexdevtools/apex-parser/dist/esm/index.js')).href);

class Errors extends ApexErrorListener {
  found = [];
  apexSyntaxError(line, _column, message) {
    this.found.push({ line, what: message });
  }
}

const files = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, parse(path, text)]))));

function parse(path, text) {
  const errors = new Errors();
  const { parser } = ApexParserFactory.createLexerAndParser(text, errors);
  const tree = path.endsWith('.trigger') ? parser.triggerUnit() : parser.compilationUnit();
  return { errors: errors.found, tree: toNode(tree, parser.ruleNames) };
}

/** A word as `[text, line]`, everything else as `{rule, line, children}`. */
function toNode(node, ruleNames) {
  if (node.symbol) return [node.getText(), node.symbol.line];
  return { rule: ruleNames[node.ruleIndex], line: node.start?.line ?? 1, children: (node.children ?? []).map((child) => toNode(child, ruleNames)) };
}
