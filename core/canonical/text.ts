// Text: line ends differ between systems and blanks at the end mean nothing.

/** Canonical text: `\n` line ends, nothing blank at the end; `null` when nothing is left. */
export function canonicalText(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.replace(/\r\n?/g, '\n').trimEnd();
  return text === '' ? null : text;
}

/** A text of at most so many characters, with `…` where something was cut; never half a character, which a system could not store. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const isHigh = /[\uD800-\uDBFF]/.test(text.charAt(max - 1));
  return `${text.slice(0, isHigh ? max - 1 : max)}…`;
}

/** Whether two texts say the same to a reader, whatever a system did to blanks and markup on the way. */
export const sayTheSame = (a: string, b: string): boolean => plain(a) === plain(b);

const plain = (text: string): string => decodeEntities(text).normalize('NFC').replace(/\s+/g, ' ').trim();

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", apos: "'" };

/** Undoes one round of HTML encoding (`&amp;` in names occurs in captured Partner Center answers). */
export const decodeEntities = (text: string): string => text.replace(/&(amp|lt|gt|quot|apos|#39);/g, (_, name: string) => entities[name] ?? '');
