import { formatCount, formatCounted, formatMs, formatPercent } from '../../shared/format.ts';
import { plannedRows } from '../../shared/plannedRows.ts';
import type { PlanNode } from '../../shared/report.ts';
import { ofTypes } from './ancestors.ts';
import { savableForRows } from './indexGain.ts';
import type { Discovery, RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { list, runsOf, tableName, textDetail } from './wording.ts';

/** Smaller tables are read in a millisecond or two. */
const manyRows = 10_000;
/** A look-up costs as much as some tens of rows read in order: above a hundredth of the table, a hash join is right. */
const otherSideShare = 0.01;
/** Where more of the table finds a partner, look-ups would come to most of its pages, too. */
const keptShare = 0.02;
/** Below, a filter of its own explains why the table is read whole. */
const filteredShare = 0.5;
/** From ten runs on, unindexed-join speaks. */
const manyRuns = 10;

const conditionKeys = ['Hash Cond', 'Merge Cond', 'Join Filter'] as const;
/** What stands between a scan and its join, and hands on every row. */
const handsOn = ofTypes('Hash', 'Sort', 'Materialize', 'Gather', 'Gather Merge');

/**
 * A join of a few rows with a large table that is read whole, although hardly any of it finds a partner.
 * Why: the planner had no index to look the few rows up by, and hashes or compares the whole table. Foreign keys are
 * the usual case, for PostgreSQL indexes only what they point to.
 * Threshold: a table of 10,000 rows read without a filter of its own, of which the join keeps less than a fiftieth, and
 * another side with less than a hundredth as many rows.
 * Trap: a join that keeps most rows, a small table, or many rows on the other side are served best by a hash join. Where
 * the planner expected many rows on the other side, the estimate is to blame, not a missing index.
 * Savable: the time of the scan and the join, without what looking the kept rows up would take.
 * Fix: an index on the joined column of the large table.
 */
export const joinReadsWholeTable = defineNodeRule({
  id: 'join-reads-whole-table',
  supersedes: ['rows-removed-by-filter', 'parallelism-missing', 'seq-scan-is-right'],
  types: ['Hash Join', 'Merge Join', 'Nested Loop'],
  check: (join, context) => {
    const [one, other] = context.inputsOf(join);
    if (one === undefined || other === undefined) return [];
    return checkSides(join, one, other, context) ?? checkSides(join, other, one, context) ?? [];
  },
});

function checkSides(
  join: PlanNode,
  side: PlanNode,
  otherSide: PlanNode,
  context: RuleContext,
): Discovery | undefined {
  const path = pathToScan(side, context);
  const scan = path.at(-1);
  if (scan?.type !== 'Seq Scan') return undefined;
  const rows = scan.rows ?? 0;
  const kept = join.rows ?? 0;
  const others = otherSide.rows ?? 0;
  const isFiltered = rows < (rows + (scan.rowsRemoved ?? 0)) * filteredShare;
  if (rows < manyRows || isFiltered || runsOf(scan) >= manyRuns) return undefined;
  if (kept >= rows * keptShare || others >= rows * otherSideShare) return undefined;
  if (plannedRows(otherSide) >= rows * otherSideShare) return undefined;
  const columns = joinedColumns(join, scan, context);
  if (columns.length === 0) return undefined;

  const table = tableName(scan) ?? 'a table';
  const scanSavableMs = savableForRows(scan, kept, 'anywhere');
  const between = [join, ...path.slice(0, -1)];
  const savableMs =
    scanSavableMs === undefined
      ? undefined
      : scanSavableMs + between.reduce((sum, node) => sum + (node.selfMs ?? 0), 0) * (1 - kept / rows);
  const time =
    scan.selfMs === undefined
      ? ''
      : ` Reading it took ${formatMs(scan.selfMs)}${context.shareText(scan.selfMs)}.`;
  return context.discover({
    node: scan,
    savableMs,
    title: `All ${formatCount(rows)} rows of ${table} are read for a join that keeps ${kept === 0 ? 'none' : formatPercent(kept / rows)} of them`,
    detail: `The other side of the join has ${others === 0 ? 'no rows' : formatCounted(others, 'row')}, yet the whole table was read to find what belongs to ${others === 1 ? 'it' : 'them'}.${time}`,
    evidence: {
      table,
      columns: columns.join(', '),
      rowsRead: rows,
      rowsJoined: kept,
      otherSideRows: others,
      keptShareLimit: keptShare,
      otherSideShareLimit: otherSideShare,
      condition: conditionKeys.map((key) => textDetail(join, key)).find((text) => text !== undefined),
    },
    fix: `An index on ${list(columns)} of ${table} would let a nested loop look up the few rows that are wanted.`,
    covers: [join, ...path.slice(0, -1)],
    clause: (clauses) => clauses.ofCondition(conditionOn(join, scan, context), scan),
  });
}

/** From the join's input down to what it is made of, as long as every row is handed on. */
function pathToScan(side: PlanNode, context: RuleContext): readonly PlanNode[] {
  const path = [side];
  for (let at = side; handsOn(at);) {
    const [below, ...more] = context.inputsOf(at);
    if (below === undefined || more.length > 0) break;
    path.push(below);
    at = below;
  }
  return path;
}

function conditionOn(join: PlanNode, scan: PlanNode, context: RuleContext) {
  const key = conditionKeys.find((one) => textDetail(join, one) !== undefined);
  return key === undefined ? undefined : context.conditionOf(join, key, scan);
}

/** The table's own columns that the other side's must equal. */
function joinedColumns(join: PlanNode, scan: PlanNode, context: RuleContext): readonly string[] {
  const tests = conditionOn(join, scan, context)?.filter(
    ({ kind, otherColumns }) => kind === 'equal' && otherColumns.length > 0,
  );
  return [...new Set((tests ?? []).flatMap(({ columns: [first] }) => first?.column ?? []))];
}
