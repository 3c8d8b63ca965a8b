/** What a finding rests on, in words. */
import { formatCount } from './format.ts';
import type { Finding } from './report.ts';

/**
 * "blocks 4,319": what a finding rests on, without what the `told` text says already. Thresholds ("…Limit") are for
 * scripts and for the page of findings: as bare numbers they tell a reader nothing.
 */
export function evidenceWords({ evidence }: Finding, told: string): readonly string[] {
  return Object.entries(evidence)
    .filter(([name]) => !name.endsWith('Limit'))
    .map(([name, value]) => ({ name, text: typeof value === 'number' ? figure(value) : value }))
    .filter(({ text }) => !tells(told, text))
    .map(({ name, text }) => `${spaced(name)} ${text}`);
}

/** Whether a text holds a value as a whole word: "4" is not told by "400,000". */
function tells(told: string, value: string): boolean {
  for (let at = told.indexOf(value); at >= 0; at = told.indexOf(value, at + 1)) {
    const before = told.slice(0, at);
    const after = told.slice(at + value.length);
    if (!/[\w.,]$/.test(before) && !/^(\w|[.,]\d)/.test(after)) return true;
  }
  return false;
}

function spaced(name: string): string {
  return name.replace(
    /([a-z\d])([A-Z])/g,
    (_whole, left: string, right: string) => `${left} ${right.toLowerCase()}`,
  );
}

function figure(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(4)));
}
