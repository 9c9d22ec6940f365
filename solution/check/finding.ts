// Checker: what is wrong, where, and what to do.

export interface Finding {
  /** From the project's root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What is wrong and what to do next. */
  readonly message: string;
}

/** `file:line: message`, as editors and terminals follow it. */
export const findingLine = ({ file, line, message }: Finding): string => `${file}:${line}: ${message}`;
