// The history as the seller reads it, from the audit's plain text. An entry that nobody understands is shown as it stands.
import { noon } from '../shared/moments';
import { partner, type Tools } from './tools';
import { showValue } from './values';

export interface Entry {
  readonly day: string;
  readonly time: string;
  /** Name of an icon in the style sheet. */
  readonly icon: string;
  readonly label: string;
  readonly old: string;
  readonly fresh: string;
  /** Second line: direction, or what was not kept. */
  readonly more: string;
  /** Everything in it, for the search. */
  readonly all: string;
}

/** @param audit the column's text, newest entry first */
export function toEntries(audit: string, tools: Tools): Entry[] {
  // Amounts have no currency of their own here. Once it was changed, an older amount may be of another one: then all stand without.
  const money = /\| Currency: /.test(audit) ? String : tools.money;
  return audit.split('\n').flatMap((line) => {
    // Here and below each part can end at one place only: anybody may write the column, and a search that tries every place would stop the page.
    const [, at, from, to, text] = /^(2\S+) \| (.+?) → ([^|→]+) \| (.*)/.exec(line) ?? [];
    const when = Date.parse(at!);
    return when ? [toEntry(when, from!, to!, text!, { ...tools, money })] : [];
  });
}

type Told = Partial<Pick<Entry, 'icon' | 'label' | 'old' | 'fresh' | 'more'>>;

function toEntry(at: number, from: string, to: string, text: string, tools: Tools): Entry {
  const { words, formatting, now, translate, dayOf, time } = tools;
  const day = dayOf(at);
  const date = formatting.formatDateLong(noon(day));
  const entry = {
    icon: from === partner ? 'back' : 'forward', label: text, old: '', fresh: '', more: `${translate(from)} → ${translate(to)}`,
    day: day === dayOf(now) ? words('hist.today', { date }) : date, time: time(at), ...tell(from, text, tools),
  };
  return { ...entry, all: Object.values(entry).join(' ').toLowerCase() };
}

/** What an entry says, by its forms in core/audit.ts and the journey. */
function tell(from: string, text: string, tools: Tools): Told {
  const { words, fieldName, translate } = tools;
  const [, label, made, kept, lost, code, before, after = ''] = /^((?:[^:]|:\S)*): (?:referral \S+ (created|linked)$|(not kept)(?:: (.*))?|not sent, (\S+)|(.*?) → (.*))/.exec(text) ?? [];
  const field = words(`audit.${label}`);
  const name = fieldName(field);
  const show = (value: string): string => showValue(tools, field, value.replace(/\\n/g, '\n'));
  // The sentence names its field where it needs one; what concerns the whole record has none.
  if (code) return { icon: 'you', label: '', fresh: words(`reason.${code}.what`, { field: name, system: translate(partner) }) || text };
  if (!field) return {};
  if (made) return { icon: 'plus', label: words(`hist.made.${made}`) };
  // The loser is named by the system that it stood in.
  if (kept) return { icon: 'branch', label: words(`hist.settled${from === partner ? 'Ours' : 'Theirs'}`, { field: name }), ...(lost && { more: words('hist.notKept', { value: show(lost), system: translate(from) }) }) };
  if (before === undefined) return { label: text.replace(label!, name) };
  if (field === 'help' && !before) return { icon: 'plus', label: words('hist.created', { help: '' }), fresh: show(after) };
  return /solutions|team/.test(field) ? { label: name, fresh: setChange(before.split('; '), after.split('; ')) } : { label: name, old: before && show(before), fresh: `→ ${show(after)}` };
}

function setChange(old: readonly string[], fresh: readonly string[]): string {
  const missing = (from: readonly string[], sign: string, other: readonly string[]): string[] => from.filter((each) => each && !other.includes(each)).map((each) => sign + each);
  return [...missing(fresh, '+ ', old), ...missing(old, '− ', fresh)].join(', ');
}
