/** One value of every node of a plan, by node index. */

/** NaN where a node does not say. */
export type NumberColumn = Float64Array;
export type TextColumn = readonly (string | undefined)[];

/** A number of a column; undefined where the node does not say. */
export function valueAt(column: NumberColumn, index: number): number | undefined {
  const value = column[index];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}
