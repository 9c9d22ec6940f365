// What a customer installs, read back: a form that the platform owns and the diff of a solution become the form that sellers see.
//
// Attributes with `solutionaction` say what the diff does: Added, Modified, Removed; elements without one are only passed through
// (dataverse.md 1.7; PP how-managed-solutions-merged.md: merging goes section by section).
import type { Element } from './xml';

/** What tells two elements of one parent to be the same. */
const IDENTITY: Readonly<Record<string, string>> = { tab: 'id', section: 'id', column: 'id', cell: 'id', control: 'id', event: 'name', Handler: 'handlerUniqueId', Library: 'name', controlDescription: 'forControl' };

/** @param base the form as the platform ships it @param diff the `<form>` element of the solution @throws Error for an action it does not know, and for a place that the base does not have */
export function mergeForm(base: Element, diff: Element): Element {
  return { ...base, children: diff.children.reduce(mergeChild, base.children) };
}

function mergeChild(siblings: readonly Element[], change: Element): readonly Element[] {
  const at = siblings.findIndex((each) => isSame(each, change));
  const action = change.attributes.solutionaction;
  if (action === 'Removed') return siblings.filter((_, index) => index !== at);
  if (action === 'Added') return insert(siblings, change);
  if (action !== undefined && action !== 'Modified') throw new Error(`The form has a solutionaction "${action}", which there is not.`);
  const found = siblings[at];
  // A container that the base lacks, such as its first event, is made by being passed through.
  if (!found) return insert(siblings, change);
  const merged: Element = { ...mergeForm(found, change), attributes: action === 'Modified' ? { ...found.attributes, ...change.attributes } : found.attributes };
  return siblings.map((each, index) => (index === at ? merged : each));
}

function isSame(one: Element, other: Element): boolean {
  if (one.name !== other.name) return false;
  const key = IDENTITY[one.name];
  return key === undefined || one.attributes[key]?.toLowerCase() === other.attributes[key]?.toLowerCase();
}

/** By ordinal where there is one, else at the end. */
function insert(siblings: readonly Element[], added: Element): readonly Element[] {
  const ordinal = Number(added.attributes.ordinalvalue ?? NaN);
  const at = siblings.findIndex((each) => Number(each.attributes.ordinalvalue ?? NaN) > ordinal);
  return at < 0 ? [...siblings, added] : [...siblings.slice(0, at), added, ...siblings.slice(at)];
}
