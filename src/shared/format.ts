/**
 * Numbers as people read them. One place, so that the panel, the terminal and the exported report agree.
 * Locale-free on purpose: reports are compared, pasted and tested.
 */

/** Thin grouping of the integer part: 1234567 → "1,234,567". */
export function formatCount(value: number): string {
  const rounded = Math.round(value);
  return String(rounded).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "1 row", "2,000 rows", "0 rows". */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${Math.round(count) === 1 ? '' : 's'}`;
}

/** "0.004 ms", "1.24 ms", "156.7 ms", "7.24 s", "3 min 20 s". */
export function formatMs(ms: number): string {
  if (ms < 0) return `−${formatMs(-ms)}`;
  if (ms === 0) return '0 ms';
  if (ms < 0.01) return `${ms.toFixed(3)} ms`;
  if (ms < 100) return `${ms.toFixed(2)} ms`;
  if (ms < 1000) return `${ms.toFixed(1)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Milliseconds in a column whose head already says "ms": "74.25", "0.004", "7,234.6". */
export function formatMsPlain(ms: number): string {
  if (ms !== 0 && Math.abs(ms) < 0.01) return ms.toFixed(3);
  if (Math.abs(ms) < 1000) return ms.toFixed(2);
  const [whole = '0', fraction = '0'] = ms.toFixed(1).split('.');
  return `${formatCount(Number(whole))}.${fraction}`;
}

/** Rows: exact below 10,000, then "812 k", "1.4 M". */
export function formatRows(rows: number): string {
  if (rows < 10_000) return Number.isInteger(rows) ? formatCount(rows) : String(Number(rows.toFixed(2)));
  if (rows < 999_500) return `${scaled(rows / 1e3)} k`;
  if (rows < 999_500_000) return `${scaled(rows / 1e6)} M`;
  return `${scaled(rows / 1e9)} G`;
}

function scaled(value: number): string {
  return value < 99.95 ? String(Number(value.toFixed(1))) : formatCount(value);
}

/** "512 B", "48.7 MiB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? formatCount(value) : value.toFixed(1)} ${units[unit]}`;
}

/** PostgreSQL's block size; BLCKSZ, 8192 unless the server was built otherwise. */
export const blockBytes = 8192;

/** Blocks as a size: 6231 → "48.7 MiB". */
export function formatBlocks(blocks: number): string {
  return formatBytes(blocks * blockBytes);
}

/** "98.4 %", "<0.1 %", "100 %"; the argument is a share from 0 to 1. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '<0.1 %';
  if (percent < 100 && percent > 99.9) return '>99.9 %';
  return `${percent >= 10 && Number.isInteger(Number(percent.toFixed(1))) ? percent.toFixed(0) : Number(percent.toFixed(1))} %`;
}

/** A factor between actual and planned: "×1.2", "×1,200"; below 1 what it divides by, "÷8.4"; "×0" for none at all. */
export function formatFactor(factor: number): string {
  if (factor <= 0) return '×0';
  // What rounds to 1 from below is no division.
  const isDivision = 1 / factor >= 1.05;
  const times = isDivision ? 1 / factor : factor;
  return `${isDivision ? '÷' : '×'}${times >= 100 ? formatCount(times) : Number(times.toFixed(1))}`;
}

/** Planner cost, a unit without a name: "12,345.67". */
export function formatCost(cost: number): string {
  const [whole = '0', fraction = '00'] = cost.toFixed(2).split('.');
  return `${formatCount(Number(whole))}.${fraction}`;
}

/** "382× faster", "1.4× slower", "as fast as before"; before and after in the same unit. */
export function formatSpeedup(before: number, after: number): string {
  if (before <= 0 || after <= 0) return 'not comparable';
  const ratio = before / after;
  if (ratio > 1.05) return `${ratio >= 10 ? formatCount(ratio) : ratio.toFixed(1)}× faster`;
  if (ratio < 0.95) return `${1 / ratio >= 10 ? formatCount(1 / ratio) : (1 / ratio).toFixed(1)}× slower`;
  return 'as fast as before';
}
