// Values in SOQL. Not jsforce's: it escapes quotes and leaves backslashes, so that `\` at the end of a name would swallow the closing quote.

/** A text in quotes (SOQL guide, "Quoted String Escape Sequences"). */
export const quoted = (text: string): string => `'${text.replace(/[\\'"]/g, (sign) => `\\${sign}`).replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t').replaceAll('\0', '')}'`;

/** A moment, from ISO; fractions of a second count there. */
export const moment = (iso: string): string => new Date(iso).toISOString();

/** `a`, `a AND b`, in the parentheses that mixed operators need. */
export const all = (conditions: readonly string[]): string => conditions.map((each) => (/ (?:AND|OR) /.test(each) ? `(${each})` : each)).join(' AND ');
