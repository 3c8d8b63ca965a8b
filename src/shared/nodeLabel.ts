/** What a plan node is called, in the words of psql's EXPLAIN: the panel, the terminal and the verdict say the same. */
import type { PlanNode } from './report.ts';

/** "Parallel Seq Scan", "Finalize HashAggregate", "Hash Left Join", "Index Scan Backward". */
export function nodeTitle(node: PlanNode): string {
  const parallel = node.details['Parallel Aware'] === true ? 'Parallel ' : '';
  const asynchronous = node.details['Async Capable'] === true ? 'Async ' : '';
  return `${parallel}${asynchronous}${partialMode(node)}${ownTitle(node)}`;
}

/** What a scan reads when it is no table: a function, a CTE, a transition table. Absent for tables; see `relation`. */
export function sourceName(node: PlanNode): string | undefined {
  return (
    text(node, 'Function Name') ??
    text(node, 'Table Function Name') ??
    text(node, 'CTE Name') ??
    text(node, 'Tuplestore Name')
  );
}

function partialMode(node: PlanNode): string {
  const mode = text(node, 'Partial Mode');
  return mode === 'Partial' || mode === 'Finalize' ? `${mode} ` : '';
}

// The names are those of ExplainNode() in PostgreSQL's src/backend/commands/explain.c.
function ownTitle(node: PlanNode): string {
  const strategy = text(node, 'Strategy');
  switch (node.type) {
    case 'Aggregate':
      return strategy === 'Sorted'
        ? 'GroupAggregate'
        : strategy === 'Hashed' || strategy === 'Mixed'
          ? `${strategy === 'Hashed' ? 'Hash' : 'Mixed'}Aggregate`
          : 'Aggregate';
    case 'SetOp': {
      const command = text(node, 'Command');
      return `${strategy === 'Hashed' ? 'HashSetOp' : 'SetOp'}${command === undefined ? '' : ` ${command}`}`;
    }
    case 'ModifyTable':
      return text(node, 'Operation') ?? 'ModifyTable';
    case 'Foreign Scan': {
      const operation = text(node, 'Operation');
      return operation === undefined || operation === 'Select' ? 'Foreign Scan' : `Foreign ${operation}`;
    }
    case 'Custom Scan': {
      const provider = text(node, 'Custom Plan Provider');
      return provider === undefined ? 'Custom Scan' : `Custom Scan (${provider})`;
    }
    case 'Nested Loop':
    case 'Hash Join':
    case 'Merge Join':
      return joinTitle(node);
    default:
      return text(node, 'Scan Direction') === 'Backward' ? `${node.type} Backward` : node.type;
  }
}

function joinTitle(node: PlanNode): string {
  const kind = text(node, 'Join Type');
  if (kind === undefined || kind === 'Inner') return node.type;
  return node.type === 'Nested Loop'
    ? `Nested Loop ${kind} Join`
    : node.type.replace(/ Join$/, ` ${kind} Join`);
}

function text(node: PlanNode, key: string): string | undefined {
  const value = node.details[key];
  return typeof value === 'string' ? value : undefined;
}
