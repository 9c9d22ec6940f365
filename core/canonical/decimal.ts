// Exact decimals as text: amounts are never added up in binary floating point.

/** Plain decimal text of a number or numeric text (`1e21`, `" 0010.50 "`); `undefined` when it is no number. */
export function toDecimalText(value: number | string): string | undefined {
  const text = typeof value === 'number' ? String(value) : value.trim();
  const hit = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (!hit || !(hit[2] || hit[3])) return undefined;
  const whole = hit[2] ?? '';
  const digits = whole + (hit[3] ?? '');
  const point = whole.length + Number(hit[4] ?? 0);
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits.padEnd(point, '0');
  return tidy(hit[1] === '-', padded.slice(0, Math.max(point, 0)), padded.slice(Math.max(point, 0)));
}

/** Rounds decimal text half up (away from zero) to `scale` fraction digits. */
export function roundHalfUp(decimal: string, scale: number): string {
  const negative = decimal.startsWith('-');
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const kept = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  const up = (fraction[scale] ?? '0') >= '5' ? 1n : 0n;
  const all = (kept + up).toString().padStart(scale + 1, '0');
  return tidy(negative, all.slice(0, all.length - scale), all.slice(all.length - scale));
}

function tidy(negative: boolean, whole: string, fraction: string): string {
  const left = whole.replace(/^0+(?=\d)/, '') || '0';
  const right = fraction.replace(/0+$/, '');
  const text = right ? `${left}.${right}` : left;
  return negative && text !== '0' ? `-${text}` : text;
}
