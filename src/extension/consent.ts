/** The question before a statement runs where that needs a yes: what happens, and what cannot be undone. */
import type { Preflight } from '../core/ports.ts';
import { visibleLine } from '../core/report/visibleText.ts';
import { formatCost, formatRows } from '../shared/format.ts';

export interface ConsentQuestion {
  readonly message: string;
  readonly detail: string;
}

/** Longer lists hide the question's point. */
const namedAtMost = 8;

export function consentQuestion(preflight: Preflight, connectionName: string): ConsentQuestion {
  const place = preflight.environment === 'dev' ? '' : ` (${preflight.environment})`;
  const lines = [
    whatItDoes[preflight.access],
    estimateText(preflight),
    ...named('Triggers that fire', preflight.triggers),
    ...named('Volatile functions that it calls', preflight.volatileFunctions),
    ...named('Locks that it holds meanwhile', preflight.locks),
    ...(preflight.notUndone.length > 0 ? ['What a rollback does not undo:', ...preflight.notUndone] : []),
  ];
  return {
    message: `Run this statement on “${connectionName}”${place}?`,
    detail: lines.map(visibleLine).join('\n'),
  };
}

const whatItDoes: Readonly<Record<Preflight['access'], string>> = {
  read: 'It runs in a read-only transaction, which is rolled back.',
  lock: 'It locks rows while it runs; then everything is rolled back.',
  write: 'It changes rows while it runs; then everything is rolled back.',
};

function estimateText({ planRows, cost }: Preflight): string {
  // A statement that writes returns rows with RETURNING only: 0 would read as "changes nothing".
  if (planRows === 0) return `The planner expects a cost of ${formatCost(cost)}.`;
  return `The planner expects ${formatRows(planRows)} ${planRows === 1 ? 'row' : 'rows'} at a cost of ${formatCost(cost)}.`;
}

function named(label: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, namedAtMost).join(', ');
  const rest = names.length - namedAtMost;
  return [`${label}: ${shown}${rest > 0 ? ` and ${rest} more` : ''}.`];
}
