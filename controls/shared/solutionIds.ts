// Solution IDs as the Products column keeps them: text, `;` between them; commas and line breaks are understood, too.

/** Ids in their order, doubles folded; letters count as the same in either case. */
export function toSolutionIds(text: string | null | undefined): string[] {
  const ids = (text ?? '').split(/[;,\n\r，；]+/).map((each) => each.trim()).filter(Boolean);
  return ids.filter((id, at) => ids.findIndex((other) => other.toLowerCase() === id.toLowerCase()) === at);
}

export const toColumn = (ids: readonly string[]): string | null => ids.join(';') || null;
