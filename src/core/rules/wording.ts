/** Words that several rules use, so that one thing has one name in all findings. */
import { formatCount, formatCounted, formatRows } from '../../shared/format.ts';
import { nodeTitle, sourceName } from '../../shared/nodeLabel.ts';
import { knownCount } from '../../shared/precision.ts';
import type { PlanNode } from '../../shared/report.ts';
import { quoteQualified } from '../sql/identifiers.ts';

/** The table as the user calls it: with its schema unless that is "public". */
export function tableName(node: PlanNode): string | undefined {
  if (node.relation === undefined) return undefined;
  return node.schema === undefined || node.schema === 'public'
    ? shortName(node.relation)
    : `${shortName(node.schema)}.${shortName(node.relation)}`;
}

/** The table as a statement has to spell it. */
export function tableSql({ schema, relation }: PlanNode): string {
  return quoteQualified(schema === 'public' ? undefined : schema, relation ?? 'the_table');
}

/** "Parallel Seq Scan on deployments", "CTE Scan on recent", "Hash Left Join": as the tree calls it. */
export function nodeName(node: PlanNode): string {
  const source = tableName(node) ?? sourceName(node) ?? node.index;
  const title = shortName(nodeTitle(node));
  return source === undefined ? title : `${title} on ${shortName(source)}`;
}

/** Long enough for most conditions, short enough for a line or three of a panel; the evidence has all of it. */
const quotedLength = 200;

/** An expression of the plan, cut where it is too long to read. */
export function quote(expression: string): string {
  return expression.length <= quotedLength ? expression : `${expression.slice(0, quotedLength)}…`;
}

export function textDetail(node: PlanNode, key: string): string | undefined {
  const value = node.details[key];
  return typeof value === 'string' ? value : undefined;
}

export function numberDetail(node: PlanNode, key: string): number | undefined {
  const value = node.details[key];
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value !== '' && Number.isFinite(Number(value))
    ? Number(value)
    : undefined;
}

/** The texts of a list: "Sort Key", "Group Key". */
export function textsDetail(node: PlanNode, key: string): readonly string[] {
  const value = node.details[key];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** A counter that the leader and each worker print by themselves, in all. */
export function countInAllProcesses(node: PlanNode, key: string): number {
  return (node.workers ?? []).reduce(
    (sum, { details }) => sum + (Number(details[key] ?? 0) || 0),
    numberDetail(node, key) ?? 0,
  );
}

/** "1,234", "about 150,000": a count of the node's rows, with what the server's rounding leaves open. */
export function aboutCount(node: PlanNode, count: number): string {
  const known = knownCount(node, count);
  return known.about + formatCount(known.count);
}

/** "1 row", "about 150,000 rows". */
export function aboutRows(node: PlanNode, count: number): string {
  const known = knownCount(node, count);
  return known.about + formatCounted(known.count, 'row');
}

/** "1 row was", "2,706 rows were". */
export function rowsWords(count: number): string {
  const rows = Math.round(count);
  return rows === 1 ? '1 row was' : `${formatRows(rows)} rows were`;
}

/** How often the node ran, whatever number of processes shared each run. */
export function runsOf(node: PlanNode): number {
  return (node.loops ?? 1) / (node.processes ?? 1);
}

/** More names than this are a list that nobody reads; the evidence has all of them. */
const mostListed = 4;

/** "a", "a and b", "a, b and c", "a, b, c and 17 more". */
export function list(items: readonly string[]): string {
  const names = items.map(shortName);
  const shown =
    names.length <= mostListed
      ? names
      : [...names.slice(0, mostListed - 1), `${names.length - mostListed + 1} more`];
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

/** NAMEDATALEN − 1 bytes: no server’s names are longer, but a file may hold anything; schema and table make two. */
const nameLength = 2 * 63 + 1;

/** A name, cut where no server would have let it be so long. */
export function shortName(name: string): string {
  return name.length <= nameLength ? name : `${name.slice(0, nameLength)}…`;
}

export const bytesPerKilobyte = 1024;
const bytesPerMegabyte = 1024 * bytesPerKilobyte;

/**
 * What rows take when sorted or kept in memory: twice their size on disk (the allocator rounds up to powers of two),
 * and per row the slot in an array of tuples (24 bytes, the array doubles as it grows) and the allocator's header.
 * Measured on PostgreSQL 14 and 18 with narrow and wide rows: enough on both, at most 1.8 times too much for sorts.
 */
export function keptRowsBytes(diskBytes: number, rows: number): number {
  return 2 * diskBytes + 64 * rows;
}

/** A value for `work_mem`, rounded up to whole megabytes as people write it: "42MB". */
export function workMemSetting(bytes: number): string {
  return `${Math.max(1, Math.ceil(bytes / bytesPerMegabyte))}MB`;
}
