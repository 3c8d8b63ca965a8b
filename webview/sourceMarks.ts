/** Which parts of a statement belong to which nodes. What is not certain is left out. Pure. */
import type { Finding, Plan, PlanNode, TextRange } from '../src/shared/report.ts';
import { partitionedAlias } from './siblingKinds.ts';
import { tableReferences, type TableReference } from './tableReferences.ts';

export interface SourceMark extends TextRange {
  readonly kind: 'table' | 'clause';
  /** What reads the table, or what the finding speaks of. */
  readonly nodeIds: readonly string[];
  readonly title: string;
}

export function sourceMarks(sql: string, plan: Plan, findings: readonly Finding[]): readonly SourceMark[] {
  const references = tableReferences(sql);
  const tables = references.flatMap((reference): readonly SourceMark[] => {
    const nodeIds = readersOf(reference, references, plan).map(({ id }) => id);
    if (nodeIds.length === 0) return [];
    const title = `Read by ${nodeIds.length === 1 ? 'one step' : `${nodeIds.length} steps`} of the plan`;
    return [reference.range, ...reference.uses].map((range) => ({ ...range, kind: 'table', nodeIds, title }));
  });
  const clauses = findings.flatMap(({ sqlRange, nodeId, title }): readonly SourceMark[] =>
    sqlRange === undefined
      ? []
      : [{ ...sqlRange, kind: 'clause', nodeIds: nodeId === undefined ? [] : [nodeId], title }],
  );
  return [...tables, ...clauses];
}

export interface Segment extends TextRange {
  /** Innermost first. */
  readonly marks: readonly SourceMark[];
}

/** The statement cut where marks begin and end: marks may lie in one another. */
export function segmentsOf(length: number, marks: readonly SourceMark[]): readonly Segment[] {
  const cuts = [...new Set([0, length, ...marks.flatMap(({ start, end }) => [start, end])])]
    .filter((cut) => cut >= 0 && cut <= length)
    .toSorted((one, other) => one - other);
  return cuts.slice(0, -1).map((start, index) => ({
    start,
    end: cuts[index + 1]!,
    marks: marks
      .filter((mark) => mark.start <= start && mark.end >= cuts[index + 1]!)
      .toSorted((one, other) => one.end - one.start - (other.end - other.start)),
  }));
}

/** The nodes that read what is named there; none where it could be another reference to the same table. */
function readersOf(
  { schema, table, alias }: TableReference,
  all: readonly TableReference[],
  { nodes }: Plan,
): readonly PlanNode[] {
  if (all.filter((other) => other.alias === alias).length !== 1) return [];
  const readers = nodes.filter(
    (node) =>
      nameOf(node) === table &&
      node.alias === alias &&
      (schema === undefined || node.schema === undefined || node.schema === schema),
  );
  if (readers.length === 0)
    return nodes.filter(
      (node) => partitionedAlias(node) === alias && !all.some((other) => other.alias === node.alias),
    );
  // The planner numbers names that come twice, from views for instance: then which of them this is cannot be told.
  const numbered = nodes.some(
    (node) => nameOf(node) === table && node.alias?.startsWith(`${alias}_`) === true,
  );
  return numbered ? [] : readers;
}

function nameOf({ relation, details }: PlanNode): unknown {
  return relation ?? details['CTE Name'];
}
