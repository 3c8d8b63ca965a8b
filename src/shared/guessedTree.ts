import type { Problem } from './report.ts';

/** True when the plan's way here lost which node is below which: no statement about its steps is worth much. */
export function isGuessed(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.code === 'indentation-lost');
}
