/** Types of nodes that do the same job by another method. */
const families: readonly (readonly string[])[] = [
  ['Nested Loop', 'Hash Join', 'Merge Join'],
  ['Aggregate', 'Group', 'Unique'],
  ['Sort', 'Incremental Sort'],
  ['Gather', 'Gather Merge'],
  ['Append', 'Merge Append'],
  ['Materialize', 'Memoize'],
];

const familyByType: ReadonlyMap<string, string> = new Map(
  families.flatMap((types) => types.map((type) => [type, types[0] ?? type] as const)),
);

/** The first type of the family stands for all; a type without kin is a family of its own. */
export function familyOf(type: string): string {
  return familyByType.get(type) ?? type;
}

export function isJoin(type: string): boolean {
  return familyOf(type) === 'Nested Loop';
}
