/** What can correct the planner's guess at a node's rows: it depends on what the guess was made of. */
import type { PlanNode } from '../../shared/report.ts';
import { quoteIdentifier } from '../sql/identifiers.ts';
import type { Condition, ConditionTest } from './condition.ts';
import type { RuleContext } from './rule.ts';
import { list, nodeName, quote, shortName, tableName, tableSql, textDetail, textsDetail } from './wording.ts';

interface Remedy {
  /** A sentence for the detail, a blank before it. */
  readonly why?: string;
  /** Absent where nothing can tell the planner. */
  readonly fix?: string;
}

/** ": Hash Join and what is above it were chosen for the wrong number"; nothing at the root. */
export function chosenAbove(node: PlanNode, context: RuleContext): string {
  const parent = context.parentOf(node);
  if (parent === undefined) return '';
  return parent.parentId === null
    ? `: ${nodeName(parent)} above it was chosen for the wrong number`
    : `: ${nodeName(parent)} and what is above it were chosen for the wrong number`;
}

export function remedyFor(node: PlanNode, context: RuleContext): Remedy {
  const { type } = node;
  if (type === 'Foreign Scan') {
    return {
      fix: 'Run ANALYZE on the foreign table, or let its server be asked for estimates (use_remote_estimate).',
    };
  }
  const scan = type === 'Bitmap Index Scan' ? context.parentOf(node) : node;
  if (scan?.relation !== undefined) return remedyForScan(node, scan, context);
  if (type.endsWith(' Join') || type === 'Nested Loop') return remedyForJoin(node, context);
  if (type === 'Function Scan' || type === 'ProjectSet') return remedyForFunction(node);
  if (type === 'Aggregate' || type === 'Group' || type === 'Unique' || type === 'SetOp')
    return remedyForGroups(node, context);
  if (type === 'Recursive Union' || type === 'WorkTable Scan') {
    return {
      why: ' The planner takes a recursion to return ten times what it begins with: nothing tells it better.',
    };
  }
  if (/^(Seq|Sample|Index|Index Only|Bitmap Heap|Bitmap Index|Tid) Scan$/.test(type))
    return { fix: 'Run ANALYZE on its table.' };
  return textDetail(node, 'Filter') === undefined
    ? {}
    : {
        why: ' Its filter is on rows that were computed, of which the planner has no statistics: it guesses.',
      };
}

function remedyForScan(node: PlanNode, scan: PlanNode, context: RuleContext): Remedy {
  const table = tableSql(scan);
  const tests = testsOf(node, scan, context);
  if (tests === undefined) return { fix: `Run ANALYZE ${table}.` };
  if (tests.some(({ hasUnknownValue }) => hasUnknownValue)) {
    return {
      why: ' Its condition compares with a value that was not known when it was planned, so the planner could only guess.',
    };
  }
  const columns = columnsOf(tests);
  const joined = tests.find(({ otherColumns }) => otherColumns.length > 0)?.columns[0];
  if (joined !== undefined) {
    const column = quoteIdentifier(joined.column);
    return {
      fix: `Run ANALYZE ${table}. If that does not help, tell it how many different values there are: ALTER TABLE ${table} ALTER COLUMN ${column} SET (n_distinct = …).`,
    };
  }
  if (columns.length > 1) {
    return {
      fix: `Run ANALYZE ${table}. If that does not help, ${list(columns)} may depend on each other: CREATE STATISTICS on them tells the planner.`,
    };
  }
  const [only] = tests;
  const [column] = columns;
  if (only === undefined || column === undefined || tests.length > 1) return { fix: `Run ANALYZE ${table}.` };
  return only.kind === 'wrapped' || only.kind === 'other'
    ? {
        fix: `Run ANALYZE ${table}. If that does not help, its condition is on an expression: CREATE STATISTICS … ON (the expression), from PostgreSQL 14 on, tells the planner.`,
      }
    : {
        fix: `Run ANALYZE ${table}. If that does not help, let it look at more rows: ALTER TABLE ${table} ALTER COLUMN ${quoteIdentifier(column)} SET STATISTICS 1000; and ANALYZE again.`,
      };
}

/** All that is tested; undefined where it cannot be read. */
function testsOf(node: PlanNode, scan: PlanNode, context: RuleContext): Condition | undefined {
  const tests: ConditionTest[] = [];
  for (const key of ['Index Cond', 'Recheck Cond', 'Filter']) {
    if (textDetail(node, key) === undefined) continue;
    const condition = context.conditionOf(node, key, scan);
    if (condition === undefined) return undefined;
    tests.push(...condition);
  }
  return tests;
}

function columnsOf(tests: Condition): readonly string[] {
  return [...new Set(tests.flatMap(({ columns }) => columns.map(({ column }) => column)))];
}

/** Extended statistics are about one table: none tell how the rows of two meet. */
function remedyForJoin(node: PlanNode, context: RuleContext): Remedy {
  const tables = [...new Set(context.subtreeOf(node).flatMap((below) => tableName(below) ?? []))];
  return {
    why: ' Nothing but their columns’ statistics tells the planner how the rows of two tables meet.',
    ...(tables.length > 0 && {
      fix: `Run ANALYZE on ${list(tables)} if they have changed since it ran last.`,
    }),
  };
}

function remedyForFunction(node: PlanNode): Remedy {
  if (textDetail(node, 'Filter') !== undefined) {
    return {
      why: ' Its filter is on a function’s rows, of which the planner has no statistics: it guesses.',
    };
  }
  const name = textDetail(node, 'Function Name');
  return {
    fix: `Tell the planner how many rows ${name === undefined ? 'the function' : shortName(name)} returns, if it is your own: ALTER FUNCTION … ROWS n.`,
  };
}

const noStatisticsOnValues = ' The planner has no statistics on how many different values its rows have.';

function remedyForGroups(node: PlanNode, context: RuleContext): Remedy {
  if (textDetail(node, 'Filter') !== undefined) {
    return {
      why: ' Its filter is on the result of grouping, of which the planner has no statistics: it guesses.',
    };
  }
  const columns = context.columnsOf(node, 'Group Key') ?? [];
  if (columns.length === 0) return remedyForExpressions(node, context);
  const scan = context.scanOf(columns[0]?.qualifier);
  const isOfOneTable = columns.every(({ qualifier }) => qualifier === columns[0]?.qualifier);
  if (scan?.relation === undefined || !isOfOneTable) return { why: noStatisticsOnValues };
  const table = tableSql(scan);
  return {
    fix:
      columns.length === 1
        ? `Run ANALYZE ${table}. If that does not help, tell it how many different values there are: ALTER TABLE ${table} ALTER COLUMN ${quoteIdentifier(columns[0]!.column)} SET (n_distinct = …).`
        : `Run ANALYZE ${table}. If that does not help, CREATE STATISTICS (ndistinct) on ${list(columns.map(({ column }) => column))} tells the planner.`,
  };
}

/** From PostgreSQL 14 on, statistics can be kept of what is computed from the columns of one table. */
function remedyForExpressions(node: PlanNode, context: RuleContext): Remedy {
  const keys = textsDetail(node, 'Group Key');
  const columns = context.keyColumnsOf(node, 'Group Key') ?? [];
  const qualifiers = new Set(columns.map(({ qualifier }) => qualifier));
  const [qualifier] = qualifiers;
  const scan = context.scanOf(qualifier);
  if (qualifiers.size !== 1 || scan?.relation === undefined) return { why: noStatisticsOnValues };
  const [only, ...more] = keys;
  // A statement about the table itself does not know its alias.
  const isSpelled = only !== undefined && more.length === 0 && qualifier === undefined;
  const on = isSpelled
    ? `(${quote(only)})`
    : more.length === 0
      ? '(the expression)'
      : '(each column and expression that it groups by)';
  return {
    why: ' The planner has no statistics on how many different values an expression has.',
    fix: `Tell the planner, from PostgreSQL 14 on: CREATE STATISTICS … ON ${on} FROM ${tableSql(scan)}; ANALYZE ${tableSql(scan)};`,
  };
}
