/** Which numbers of a node are only about right: EXPLAIN prints rounded averages, and a total is one of them times its loops. */
import { formatCount, formatMs } from './format.ts';
import type { PlanNode } from './report.ts';

/** A number that rounding may have moved by less than this part of it is as good as exact to a reader. */
const worthSaying = 0.05;

export type ApproximateField = 'totalMs' | 'selfMs' | 'rows';

/** "≈ " before a number that the server's rounding may have moved by more than a twentieth, else nothing. */
export function aboutSign(node: PlanNode, field: ApproximateField): string {
  const slack = slackOf(node, field);
  return slack !== undefined && slack > Math.abs(node[field] ?? 0) * worthSaying ? '≈ ' : '';
}

/** "; the server’s rounding leaves ± 50.00 ms open", where the number is marked with a sign; else nothing. */
export function aboutWords(node: PlanNode, field: ApproximateField): string {
  const slack = slackOf(node, field) ?? 0;
  if (aboutSign(node, field) === '') return '';
  return `; the server’s rounding leaves ± ${field === 'rows' ? `${formatCount(slack)} rows` : formatMs(slack)} open`;
}

/** "Rows Removed by …" are averages in whole numbers, in every version. */
const removedHalfStep = 0.5;

/** "about " before a count of the node's rows, returned or removed, that rounding may have moved by as much; else nothing. */
export function aboutWord({ precision, rowsRemoved = 0, loops = 1 }: PlanNode, count: number): string {
  const ofRemoved = rowsRemoved > 0 && loops > 1 ? removedHalfStep * loops : 0;
  return Math.max(precision?.rows ?? 0, ofRemoved) > count * worthSaying ? 'about ' : '';
}

function slackOf({ precision }: PlanNode, field: ApproximateField): number | undefined {
  return field === 'totalMs' ? precision?.ms : precision?.[field];
}
