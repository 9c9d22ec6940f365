// The Client API of the try-out: objects that have what they have, and say clearly what they have not.

/** Names that languages, promises and tools ask of any object. */
const ASKED_OF_ANYTHING = new Set(['then', 'toJSON', 'constructor', 'prototype', 'nodeType', 'tagName', '$$typeof', 'asymmetricMatch', 'inspect', 'hasAttribute']);

/**
 * A member that is not here throws when it is read: a script that relies on something that nobody documents, or that the try-out does not play,
 * must fail here and not at a customer's.
 */
export function strict<Members extends object>(name: string, members: Members): Members {
  return new Proxy(members, {
    get(target, member, receiver): unknown {
      if (typeof member === 'symbol' || member in target || ASKED_OF_ANYTHING.has(member)) return Reflect.get(target, member, receiver);
      throw new Error(`${name}.${member} is not part of what the try-out plays of the Client API. Either it does not exist, or it is to be added in sandbox/pages/browser/form/xrm.`);
    },
    set(_target, member): never {
      throw new Error(`${name}.${String(member)} cannot be set: use the methods of the Client API.`);
    },
  });
}

/** A collection as the Client API has them: forEach, get by name, number or function, getLength. */
export function collection<Item>(name: string, items: () => readonly (readonly [string, Item])[]): object {
  const all = (): Item[] => items().map(([, item]) => item);
  const byName = (key: string): Item | null => items().find(([own]) => own === key)?.[1] ?? null;
  const get = (which?: string | number | ((item: Item, index: number) => boolean)): Item | Item[] | null => {
    if (which === undefined) return all();
    if (typeof which === 'string') return byName(which);
    return typeof which === 'number' ? (all()[which] ?? null) : all().filter(which);
  };
  return strict(name, { get, getByName: byName, getByIndex: (index: number) => all()[index] ?? null, getByFilter: (test: (item: Item, index: number) => boolean) => all().filter(test), forEach: (visit: (item: Item, index: number) => void) => all().forEach(visit), getAll: all, getLength: () => items().length });
}
