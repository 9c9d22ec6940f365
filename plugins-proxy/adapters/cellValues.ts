// Values as both CRMs' columns hold them, to the values of cells.

/** A text with something in it, else `null`. */
export const textOf = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value : null);

export const isNothing = (value: unknown): boolean => value === null || value === undefined;

/** The parts, or `null` when all of them are. */
export const somethingIn = <T extends Readonly<Record<string, string | null>>>(parts: T): T | null => (Object.values(parts).some((part) => part !== null) ? parts : null);

/** Solution ids as people part them, in their order, without doubles; `null` when none is left. */
export function readSolutions(text: string | null): string[] | null {
  const ids = [...new Set((text ?? '').split(/[;,\n\r]/).map((id) => id.trim()).filter(Boolean))];
  return ids.length > 0 ? ids : null;
}

/** @param text of a column by its role, `null` when it has none */
export const readPerson = (text: (role: string) => string | null): { firstName: string | null; lastName: string | null; email: string | null; phone: string | null } => ({
  firstName: text('firstName'),
  lastName: text('lastName'),
  email: text('email'),
  phone: text('phone') ?? text('otherPhone'),
});
