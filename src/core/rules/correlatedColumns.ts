import { formatFactor, formatRows } from '../../shared/format.ts';
import { plannedRows } from '../../shared/plannedRows.ts';
import type { PlanNode } from '../../shared/report.ts';
import { fitIdentifier, quoteIdentifier, quoteQualified } from '../sql/identifiers.ts';
import { isServable } from './condition.ts';
import { chosenAbove } from './misestimateRemedy.ts';
import { firstWrongNodes, seriousFactor } from './misestimates.ts';
import type { RuleContext } from './rule.ts';
import { defineRule } from './rule.ts';
import { list, nodeName, rowsWords, tableName, tableSql } from './wording.ts';
import { aboutWord } from '../../shared/precision.ts';

/** STATS_MAX_DIMENSIONS of statistics.h. */
const mostColumns = 8;

/**
 * The planner misjudges how many rows meet several conditions on one table, or how many groups several columns make:
 * the columns may depend on each other.
 * Why: it multiplies the conditions as if they were independent; city and postcode are not. All that is above is
 * planned for the wrong number.
 * Threshold: off by 10 times and 100 rows, as for row-misestimate; the first node that goes wrong.
 * Trap: one condition alone cannot be correlated; values that are known only when it runs are averages anyway; joins are
 * not helped by extended statistics.
 * Savable: not said; a better plan may save much or nothing.
 * Fix: ANALYZE first, for old statistics look the same; then the CREATE STATISTICS that tells the planner.
 */
export const correlatedColumns = defineRule({
  id: 'correlated-columns',
  supersedes: ['row-misestimate'],
  check: (context) =>
    context.hasParser
      ? context.once(firstWrongNodes).flatMap((node) => {
          const group =
            node.type === 'Aggregate' ? groupedColumns(node, context) : filteredColumns(node, context);
          if (group === undefined) return [];
          const { scan, columns, kinds } = group;
          const factor = node.rowsFactor ?? 1;
          const times = factor > 1 ? factor : 1 / factor;
          const severity = times >= seriousFactor ? 'warning' : 'info';
          return context.discover({
            node,
            severity,
            title: `${list(columns)} of ${tableName(scan)} may depend on each other: ${nodeName(node)} is off by ${Number.isFinite(times) ? formatFactor(times) : 'all its rows'}`,
            detail: `${rowsWords(plannedRows(node))} planned, as if the columns were independent, and ${aboutWord(node, node.rows ?? 0)}${formatRows(node.rows ?? 0)} came. It is the first node to go wrong${chosenAbove(node, context)}.`,
            evidence: {
              table: tableName(scan),
              columns: columns.join(', '),
              plannedRows: Math.round(plannedRows(node)),
              rows: node.rows ?? 0,
              factor,
            },
            fix: `Run ANALYZE ${tableSql(scan)}. Then, if the estimate stays wrong: ${statisticsDdl(scan, columns, kinds)}`,
          });
        })
      : [],
});

interface ColumnGroup {
  readonly scan: PlanNode;
  readonly columns: readonly string[];
  readonly kinds: string;
}

/** Columns of one table that are tested together, where the node is the first to know of all of them. */
function filteredColumns(node: PlanNode, context: RuleContext): ColumnGroup | undefined {
  const scan = node.type === 'Bitmap Index Scan' ? heapScanOf(node, context) : node;
  if (scan?.relation === undefined) return undefined;
  const conditions = [
    ...(context.conditionOf(node, 'Index Cond') ?? []),
    ...(context.conditionOf(node, 'Recheck Cond') ?? []),
    ...(context.conditionOf(node, 'Filter') ?? []),
  ].filter((test) => isServable(test) && test.otherColumns.length === 0 && !test.hasUnknownValue);
  const fixed = namesOf(conditions.filter(({ kind }) => kind !== 'range'));
  // Dependencies know of equality only; where that is not all, lists of common values know of ranges, too.
  const columns = fixed.length > 1 ? fixed : namesOf(conditions);
  return columns.length < 2
    ? undefined
    : { scan, columns: columns.slice(0, mostColumns), kinds: 'dependencies, mcv' };
}

/** Columns of one table whose combinations are counted. */
function groupedColumns(node: PlanNode, context: RuleContext): ColumnGroup | undefined {
  const keys = context.columnsOf(node, 'Group Key');
  const [first] = keys ?? [];
  if (keys === undefined || first === undefined || keys.length < 2) return undefined;
  const scan = context.scanOf(first.qualifier);
  if (scan?.relation === undefined || keys.some(({ qualifier }) => qualifier !== first.qualifier))
    return undefined;
  return { scan, columns: keys.map(({ column }) => column).slice(0, mostColumns), kinds: 'ndistinct' };
}

/** A bitmap's index does not say its table; the scan above does. */
function heapScanOf(node: PlanNode, context: RuleContext): PlanNode | undefined {
  let at: PlanNode | undefined = node;
  while (at !== undefined && at.type.startsWith('Bitmap') && at.type !== 'Bitmap Heap Scan')
    at = context.parentOf(at);
  return at?.type === 'Bitmap Heap Scan' ? at : undefined;
}

function namesOf(
  tests: readonly { readonly columns: readonly { readonly column: string }[] }[],
): readonly string[] {
  return [...new Set(tests.flatMap(({ columns: [first] }) => first?.column ?? []))];
}

function statisticsDdl(scan: PlanNode, columns: readonly string[], kinds: string): string {
  const schema = scan.schema === 'public' ? undefined : scan.schema;
  const table = quoteQualified(schema, scan.relation ?? '');
  // Unnamed statistics came with PostgreSQL 16.
  const name = quoteQualified(schema, fitIdentifier([scan.relation, ...columns].join('_'), '_stats'));
  return `CREATE STATISTICS ${name} (${kinds}) ON ${columns.map(quoteIdentifier).join(', ')} FROM ${table}; ANALYZE ${table};`;
}
