// What Partner Center does to values on their way in: nothing here is promised by a document, all of it has been seen in answers.
//
// Every rule is idempotent: tidying a tidied value changes nothing, as in a system that decodes what it reads and encodes what it shows.

/** Trims, turns line ends into `\n`, and encodes `& < > "`, as real customer names show (partner-center.md 2.5). */
export function tidyText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .trim()
    .replace(/&(?!(?:amp|lt|gt|quot);)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Rounds a decimal, half up, to the currency's minor units. @param value a positive decimal, as sent */
export function roundMoney(value: number | string, currency: string): number {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const text = typeof value === 'number' ? decimalText(value) : value.trim();
  const [whole = '0', fraction = ''] = text.split('.');
  const kept = BigInt(`${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`);
  const rounded = kept + (Number(fraction[digits] ?? '0') >= 5 ? 1n : 0n);
  return Number(rounded) / 10 ** digits;
}

const decimalText = (value: number): string => (String(value).includes('e') ? value.toFixed(12) : String(value));

const UNTOUCHED = new Set(['id', 'type', 'email', 'country', 'currency', 'closingdatetime', 'size', 'status', 'substatus', 'qualification', 'assistancerequestcode', 'engagementid', 'profiletype', 'locale', 'mpnid', 'solutiontype', 'invitedmpnid', 'organizationid']);

/** Tidies every text inside a value, except ids, addresses of e-mail, enumerations and dates. */
export function tidyDeep(value: unknown, member = ''): unknown {
  if (typeof value === 'string') return UNTOUCHED.has(member.toLowerCase()) ? value : tidyText(value);
  if (Array.isArray(value)) return value.map((entry) => tidyDeep(entry, member));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, tidyDeep(entry, name)]));
}
