/** The tree "History", as data: pure. */
import { formatCost, formatMs } from '../../shared/format.ts';
import { groupRuns, type Run, type StatementRuns } from '../history/runs.ts';

export interface RunItem {
  readonly kind: 'run';
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly run: Run;
}

export interface StatementItem {
  readonly kind: 'statement';
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly runs: readonly RunItem[];
}

export type HistoryItem = StatementItem | RunItem;

export function historyItems(runs: readonly Run[], nowMs: number): readonly StatementItem[] {
  return groupRuns(runs).map((group) => statementItem(group, nowMs));
}

function statementItem({ statement, title, runs }: StatementRuns, nowMs: number): StatementItem {
  return {
    kind: 'statement',
    id: statement,
    label: title,
    description: runs.length === 1 ? '1 run' : `${runs.length} runs`,
    runs: runs.map((run) => ({
      kind: 'run',
      id: run.file,
      label: run.ms === undefined ? `cost ${formatCost(run.cost)}` : formatMs(run.ms),
      description: [ago(run.at, nowMs), run.connection].filter((word) => word !== undefined).join(' · '),
      run,
    })),
  };
}

const units: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
];

/** "5 minutes ago", "just now". */
function ago(at: string, nowMs: number): string {
  const seconds = (nowMs - Date.parse(at)) / 1000;
  for (const [size, name] of units) {
    const count = Math.floor(seconds / size);
    if (count >= 1) return `${count} ${name}${count === 1 ? '' : 's'} ago`;
  }
  return 'just now';
}

export function isRunItem(value: unknown): value is RunItem {
  return typeof value === 'object' && value !== null && (value as RunItem).kind === 'run';
}

export function isStatementItem(value: unknown): value is StatementItem {
  return typeof value === 'object' && value !== null && (value as StatementItem).kind === 'statement';
}
