/** How the lines of a comparison name steps, and numbers that went from one to another. */
import type { FigureUnit } from '../../shared/comparison.ts';
import { formatCost, formatCount, formatMs, formatRows } from '../../shared/format.ts';
import { nodeTitle } from '../../shared/nodeLabel.ts';
import type { PlanNode } from '../../shared/report.ts';
import { list, numberDetail, shortName, tableName, textsDetail } from '../rules/wording.ts';
import { familyOf } from './families.ts';
import { type PlanSide, sourceOf, unsharded } from './planSide.ts';

/** The table or function that a step reads, by its name alone; its type where it reads none. */
export function readName(node: PlanNode): string {
  const { relation: shard, ...rest } = node;
  const relation = unsharded(shard, node);
  return (
    tableName(relation === undefined ? rest : { ...rest, relation }) ??
    shortName(sourceOf(node) ?? node.index ?? node.type)
  );
}

/** "deployments, model_versions and models": what is read at and below a step, each once; "" for nothing. */
export function tablesUnder(side: PlanSide, place: number): string {
  const names = new Set<string>();
  for (let at = place; at < (side.ends[place] ?? place); at++) {
    const node = side.nodes[at];
    if (node !== undefined && sourceOf(node) !== undefined) names.add(readName(node));
  }
  return list([...names]);
}

/** The indexes that a scan uses, its own or those of the bitmap below it. */
export function indexesOf(side: PlanSide, place: number): readonly string[] {
  const node = side.nodes[place];
  if (node?.index !== undefined) return [node.index];
  if (node?.type !== 'Bitmap Heap Scan') return [];
  return bitmapPlaces(side, place).flatMap((at) => {
    const index = side.nodes[at]?.index;
    return index === undefined ? [] : [index];
  });
}

/** The scans of indexes that make the bitmap of a Bitmap Heap Scan, and what puts them together. */
export function bitmapPlaces(side: PlanSide, place: number): readonly number[] {
  const places: number[] = [];
  for (let at = place + 1; at < (side.ends[place] ?? place); at++) {
    if (side.nodes[at]?.type.startsWith('Bitmap')) places.push(at);
  }
  return places;
}

/** As the end of "orders is now read by …". */
export function readingOf(side: PlanSide, place: number): string {
  const node = side.nodes[place];
  if (node === undefined) return '';
  const indexes = indexesOf(side, place);
  if (node.type === 'Seq Scan') return 'a sequential scan';
  if (indexes.length === 0) return article(nodeTitle(node));
  if (node.type === 'Index Only Scan') return `${list(indexes)} alone`;
  return node.type === 'Bitmap Heap Scan' ? `a bitmap of ${list(indexes)}` : list(indexes);
}

/** "a Hash Join", "an Index Scan". */
export function article(noun: string): string {
  return `${/^[AEIOU]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** "Seq Scan on orders", "Sort by d.deployed_at DESC", "Hash of models", "Hash Join of orders and customers". */
export function stepName(side: PlanSide, place: number): string {
  const node = side.nodes[place];
  if (node === undefined) return '';
  const title = nodeTitle(node);
  if (sourceOf(node) !== undefined) return `${title} on ${readName(node)}`;
  const keys = list(textsDetail(node, 'Sort Key'));
  if (keys !== '') return `${title} by ${keys}`;
  const tables = tablesUnder(side, place);
  return tables === '' ? title : `${title} of ${tables}`;
}

/** Of a Gather; undefined for any other step. */
export function workersOf(node: PlanNode): number | undefined {
  if (familyOf(node.type) !== 'Gather') return undefined;
  return numberDetail(node, 'Workers Launched') ?? numberDetail(node, 'Workers Planned');
}

export function workerCount(count: number): string {
  return count === 1 ? '1 worker' : `${formatCount(count)} workers`;
}

export function formatAmount(unit: FigureUnit, value: number): string {
  switch (unit) {
    case 'ms':
      return formatMs(value);
    case 'cost':
      return formatCost(value);
    case 'rows':
      return value < 1_000_000 ? formatCount(value) : formatRows(value);
    case 'blocks':
      return formatCount(value);
  }
}

/** "1 row", "1,234 rows", "2.0 M rows". */
export function rowCount(rows: number): string {
  return `${formatAmount('rows', rows)} row${Math.round(rows) === 1 ? '' : 's'}`;
}

/** "12", "1.4": how many times more. */
export function times(more: number, less: number): string {
  const factor = more / less;
  return factor >= 10 ? formatCount(factor) : factor.toFixed(1);
}
