// Sets: team by lower-case e-mail, solutions by id; merged three ways, so that nobody's addition or removal is lost.

/** Sorted, without doubles and blanks. */
export const canonicalSet = (values: readonly string[]): string[] => [...new Set(values.map((value) => value.trim()).filter(Boolean))].sort();

/** Three-way merge: what either side added stays added, what either side removed stays removed. */
export function mergeSets(agreed: readonly string[], crm: readonly string[], partner: readonly string[]): string[] {
  const base = new Set(agreed);
  const inBoth = crm.filter((each) => partner.includes(each));
  const added = [...crm, ...partner].filter((each) => !base.has(each));
  return canonicalSet([...inBoth, ...added]);
}
