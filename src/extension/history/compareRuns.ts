/** Two runs, or a run and what a panel shows, compared in a panel of their own. */
import * as vscode from 'vscode';
import { userErrors } from '../../core/errors.ts';
import type { ProfileReport } from '../../shared/report.ts';
import { cancelWith } from '../cancellation.ts';
import type { ComparisonPanels } from '../panel/comparisonPanel.ts';
import type { PlanReader } from '../plans/planReader.ts';

export type CompareReports = (before: ProfileReport, after: ProfileReport) => Promise<void>;

export function createCompare(reader: PlanReader, panels: ComparisonPanels): CompareReports {
  return (before, after) =>
    Promise.resolve(
      vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: 'Comparing the plans', cancellable: true },
        async (_, token) => {
          const job = { kind: 'compare', before, after, name: 'the plans' } as const;
          const result = await reader.read(job, cancelWith(token), () => undefined);
          if (result.kind !== 'comparison') throw userErrors.reportGone();
          panels.show(result.comparison);
        },
      ),
    );
}
