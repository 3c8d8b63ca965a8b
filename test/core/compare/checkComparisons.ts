/** What is said about two plans, as data. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePlans } from '../../../src/core/compare/comparePlans.ts';
import type { ProfileReport } from '../../../src/shared/report.ts';

export interface ComparisonCase {
  readonly before: ProfileReport;
  readonly after: ProfileReport;
  readonly verdict: string;
  /** "better index: orders is now read by …" */
  readonly changes: readonly string[];
}

export function checkComparisons(cases: Readonly<Record<string, ComparisonCase>>): void {
  for (const [what, { before, after, verdict, changes }] of Object.entries(cases)) {
    test(what, () => {
      const comparison = comparePlans(before, after);
      assert.equal(comparison.verdict, verdict);
      assert.deepEqual(
        comparison.changes.map(({ effect, kind, title }) => `${effect} ${kind}: ${title}`),
        changes,
      );
    });
  }
}
