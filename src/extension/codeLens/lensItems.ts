/** Which lenses stand above which lines of a document: pure. */
import type { SqlStatement } from '../../core/sql/statement.ts';
import { formatMs } from '../../shared/format.ts';

export interface LensItem {
  /** UTF-16 offset of the statement's first character. */
  readonly start: number;
  readonly end: number;
  readonly title: string;
  readonly tooltip: string;
}

/** One for each statement that can be explained; `executionMsOf` gives what its text took in this session. */
export function lensItems(
  statements: readonly SqlStatement[],
  executionMsOf: (statement: string) => number | undefined,
): readonly LensItem[] {
  return statements
    .filter(({ explainable }) => explainable)
    .map(({ start, end, text }) => {
      const executionMs = executionMsOf(text);
      const measured = executionMs === undefined ? '' : ` · ${formatMs(executionMs)}`;
      return {
        start,
        end,
        title: `Profile${measured}`,
        tooltip:
          measured === ''
            ? 'Profile this query'
            : 'Profile this query again; the time is its last execution in this session',
      };
    });
}
