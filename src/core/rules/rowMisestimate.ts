import { formatCount, formatFactor, formatRows } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import type { Discovery, RuleContext } from './rule.ts';
import { defineRule } from './rule.ts';
import { nodeName, tableName, textDetail } from './wording.ts';

/** The field's common scale: ten times off is notable, a hundred times changes plans. */
const notableFactor = 10;
const seriousFactor = 100;
/** Off by fewer rows in all, even a large factor makes no plan bad. */
const differenceInRows = 100;

/**
 * The planner expected far more or fewer rows than came. Named is the first node, from the leaves up, that goes wrong:
 * the ones above only inherit it. Where rows may honestly be fewer (a Limit above, the inner side of a semi join, a
 * merge join's inputs, …) nodes have no factor, and this rule is silent.
 * Savable: not said; a better plan may save much or nothing.
 */
export const rowMisestimate = defineRule({
  id: 'row-misestimate',
  check: (context) => {
    const wrong = new Set(context.nodes.filter(isWrong));
    const inherited = findInherited(wrong, context);
    return [...wrong].filter((node) => !inherited.has(node)).map((node) => describe(node, context));
  },
});

function isWrong(node: PlanNode): boolean {
  const factor = node.rowsFactor;
  if (factor === undefined || (factor < notableFactor && factor > 1 / notableFactor)) return false;
  return Math.abs((node.rows ?? 0) - expectedRows(node)) >= differenceInRows;
}

/** What the planner expected of all loops and processes together. */
function expectedRows(node: PlanNode): number {
  const factor = node.rowsFactor ?? 1;
  return factor > 0 ? (node.rows ?? 0) / factor : node.planRows * (node.loops ?? 1);
}

/** The nodes below which something was wrong already; a CTE's scans inherit from the CTE. */
function findInherited(wrong: ReadonlySet<PlanNode>, context: RuleContext): ReadonlySet<PlanNode> {
  const wrongSubplans = new Set([...wrong].map((node) => node.subplanName));
  const inherited = new Set<PlanNode>();
  // Children first: nodes are in pre-order.
  for (const node of context.nodes.toReversed()) {
    const cte = textDetail(node, 'CTE Name');
    if (node.type === 'CTE Scan' && wrongSubplans.has(`CTE ${cte}`)) inherited.add(node);
    const parent = context.parentOf(node);
    if (parent && node.subplanName === undefined && (wrong.has(node) || inherited.has(node)))
      inherited.add(parent);
  }
  return inherited;
}

function describe(node: PlanNode, context: RuleContext): Discovery {
  const factor = node.rowsFactor ?? 1;
  const expected = expectedRows(node);
  const actual = node.rows ?? 0;
  const times = factor > 1 ? factor : 1 / factor;
  const isMore = factor > 1;
  const loops = node.loops ?? 1;
  const inAll = loops > 1 ? `, in all ${formatCount(loops)} loops` : '';
  const parent = context.parentOf(node);
  return {
    severity: times >= seriousFactor ? 'warning' : 'info',
    nodeId: node.id,
    title: `${nodeName(node)} returns ${Number.isFinite(times) ? `${formatFactor(times).slice(1)} times ` : 'far '}${isMore ? 'more' : 'fewer'} rows than planned`,
    detail:
      `${formatRows(Math.round(expected))} rows were planned and ${formatRows(actual)} came${inAll}. ` +
      (parent === undefined
        ? 'It is the first node to go wrong.'
        : `It is the first node to go wrong: ${nodeName(parent)} and what is above it were chosen for the wrong number.`),
    evidence: { plannedRows: Math.round(expected), rows: actual, factor, factorLimit: notableFactor },
    fix: fixFor(node),
  };
}

function fixFor(node: PlanNode): string {
  const table = tableName(node);
  if (table !== undefined) {
    return `Run ANALYZE on ${table}. If that does not help, its columns may depend on each other: CREATE STATISTICS tells the planner.`;
  }
  if (node.type === 'Function Scan')
    return 'Tell the planner how many rows the function returns: ALTER FUNCTION … ROWS n.';
  return 'Run ANALYZE on the tables below it; a join or group over columns that depend on each other needs CREATE STATISTICS.';
}
