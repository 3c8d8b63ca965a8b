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

/**
 * "about " before a count of the node's rows, returned or removed, that rounding may have moved by more than a twentieth,
 * else nothing: for counts in few digits ("50.1 k").
 */
export function aboutWord(node: PlanNode, count: number): string {
  return slackOfCount(node, count) > count * worthSaying ? 'about ' : '';
}

export interface KnownCount {
  readonly about: '' | 'about ';
  readonly count: number;
}

/**
 * A count of the node's rows for a sentence that tells all its digits. One that rounding left next to a round number is told
 * as that: 400,000 where three processes returned 133,333 each on average.
 */
export function knownCount(node: PlanNode, count: number): KnownCount {
  const slack = slackOfCount(node, count);
  if (slack > count * worthSaying) return { about: 'about ', count };
  const digit = 10 ** Math.floor(Math.log10(count));
  const round = [digit, digit / 10]
    .map((step) => Math.round(count / step) * step)
    .find((each) => Math.abs(each - count) <= slack);
  return { about: '', count: round ?? count };
}

/** Rows that were removed are averages of their own: what was returned may be known better. */
function slackOfCount({ precision, rows, rowsRemoved = 0, loops = 1 }: PlanNode, count: number): number {
  const ofReturned = precision?.rows ?? 0;
  return count === rows || rowsRemoved === 0 || loops === 1
    ? ofReturned
    : Math.max(ofReturned, removedHalfStep * loops);
}

function slackOf({ precision }: PlanNode, field: ApproximateField): number | undefined {
  return field === 'totalMs' ? precision?.ms : precision?.[field];
}
