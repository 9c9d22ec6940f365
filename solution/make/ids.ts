// Solution sources: ids that a component got once and keeps. An environment knows components by these ids and by nothing else.

/** What solution/ids.json holds: ids in the order in which they came, and how many of them each release had shipped. */
export interface IdFile {
  readonly shipped: readonly { readonly version: string; readonly count: number; readonly sha256: string }[];
  readonly ids: readonly { readonly of: string; readonly id: string }[];
}

export interface Ids {
  /** The component's id, lower case without braces; a new component gets one. */
  of(component: string): string;
  /** The same in braces, as most files want it. */
  braced(component: string): string;
  /** With whatever was added. */
  file(): IdFile;
}

/** @param newId makes an id nobody has */
export function openIds(file: IdFile, newId: () => string): Ids {
  const known = new Map(file.ids.map(({ of, id }) => [of, id]));
  const idOf = (component: string): string => {
    const id = known.get(component) ?? newId();
    known.set(component, id);
    return id;
  };
  return { of: idOf, braced: (component) => `{${idOf(component)}}`, file: () => ({ shipped: file.shipped, ids: [...known].map(([of, id]) => ({ of, id })) }) };
}
