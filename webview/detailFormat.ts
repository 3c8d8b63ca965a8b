/** Values of EXPLAIN as people read them: the server prints bare numbers, and the unit depends on the key. Pure. */
import { formatBytes, formatCost, formatCount, formatMs } from '../src/shared/format.ts';
import type { Json } from '../src/shared/report.ts';

/** Keys whose number is in kB (src/backend/commands/explain.c prints them so). */
const kilobyteKeys: ReadonlySet<string> = new Set([
  'Peak Memory Usage',
  'Disk Usage',
  'Sort Space Used',
  'Average Sort Space Used',
  'Peak Sort Space Used',
  'Maximum Storage',
  'Memory Used',
  'Memory Allocated',
  'Output Volume',
]);

/** Numbers that name something, and are not counted in thousands. */
const nameKeys: ReadonlySet<string> = new Set(['Worker Number', 'Query Identifier', 'Repeatable Seed']);

export function formatDetail(key: string, value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatNumber(key, value);
  if (Array.isArray(value)) return value.map((item: Json) => formatDetail(key, item)).join(', ');
  return Object.entries(value)
    .map(([name, inner]: [string, Json]) => `${name} ${formatDetail(name, inner)}`)
    .join(', ');
}

/** The tooltip: the key and value as the server sent them. */
export function rawDetail(key: string, value: Json): string {
  return `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;
}

function formatNumber(key: string, value: number): string {
  if (nameKeys.has(key)) return String(value);
  if (kilobyteKeys.has(key)) return formatBytes(value * 1024);
  if (key.endsWith('Time')) return formatMs(value);
  if (key.endsWith('Bytes')) return formatBytes(value);
  if (key === 'Plan Width') return `${formatCount(value)} B a row`;
  if (key.endsWith('Cost')) return formatCost(value);
  return Number.isInteger(value) ? formatCount(value) : String(value);
}
