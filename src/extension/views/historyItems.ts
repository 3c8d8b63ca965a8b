/** The tree "History" and the choice of a run to compare with, as data: pure. */
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
      label: figureOf(run),
      description: joined([medianWords(run), ago(run.at, nowMs), run.connection]),
      run,
    })),
  };
}

/** One of the runs that another may be compared with. */
export interface OtherRunItem {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly run: Run;
}

/** Runs of the same statement first, the latest first: what tells them apart stands in front, the statement below it. */
export function otherRunItems(runs: readonly Run[], run: Run, nowMs: number): readonly OtherRunItem[] {
  const isSame = ({ statement }: Run) => (statement === run.statement ? 0 : 1);
  return runs
    .filter(({ file }) => file !== run.file)
    .toSorted((a, b) => isSame(a) - isSame(b) || b.at.localeCompare(a.at))
    .map((other) => ({
      label: `${figureOf(other)} · ${ago(other.at, nowMs)}`,
      description: joined([medianWords(other), localTime(other.at), withoutIcons(other.connection)]),
      detail: withoutIcons(other.title) ?? '',
      run: other,
    }));
}

function figureOf({ ms, cost }: Run): string {
  return ms === undefined ? `cost ${formatCost(cost)}` : formatMs(ms);
}

function medianWords({ medianOf }: Run): string | undefined {
  return medianOf === undefined ? undefined : `median of ${medianOf} runs`;
}

function localTime(at: string): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

function joined(words: readonly (string | undefined)[]): string {
  return words.filter((word) => word !== undefined).join(' · ');
}

/** VS Code draws "$(name)" in a list of choices as an icon. */
function withoutIcons(text: string | undefined): string | undefined {
  return text?.replaceAll('$(', '$ (');
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
