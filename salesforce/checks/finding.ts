// What a check has to say: where, and what is wrong. A check returns findings and throws only when it cannot look at all.

export interface Finding {
  /** Path from the project's root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly what: string;
}

/** `salesforce/…/Amount.field-meta.xml:7: what is wrong`, as editors and terminals understand it. */
export const toLine = ({ file, line, what }: Finding): string => `${file}:${line}: ${what}`;

/** In reading order, each once. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const once = new Map(findings.map((each) => [toLine(each), each]));
  return [...once.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}
