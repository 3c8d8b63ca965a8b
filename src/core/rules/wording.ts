/** Words that several rules use, so that one thing has one name in all findings. */
import type { PlanNode } from '../../shared/report.ts';

/** The table as the user calls it: with its schema unless that is "public". */
export function tableName(node: PlanNode): string | undefined {
  if (node.relation === undefined) return undefined;
  return node.schema === undefined || node.schema === 'public'
    ? node.relation
    : `${node.schema}.${node.relation}`;
}

/** "Seq Scan on deployments", "CTE Scan on recent", "Hash Join". */
export function nodeName(node: PlanNode): string {
  const source =
    tableName(node) ?? textDetail(node, 'CTE Name') ?? textDetail(node, 'Function Name') ?? node.index;
  return source === undefined ? node.type : `${node.type} on ${source}`;
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

const bytesPerMegabyte = 1024 * 1024;

/** A value for `work_mem`, rounded up to whole megabytes as people write it: "42MB". */
export function workMemSetting(bytes: number): string {
  return `${Math.max(1, Math.ceil(bytes / bytesPerMegabyte))}MB`;
}
