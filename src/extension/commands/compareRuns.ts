import * as vscode from 'vscode';
import { userErrors } from '../../core/errors.ts';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { CompareReports } from '../history/compareRuns.ts';
import type { History } from '../history/history.ts';
import type { Run } from '../history/runs.ts';
import { isRunItem, otherRunItems } from '../views/historyItems.ts';

/** Compares a kept run with another one that is chosen; the older is "before". Two selected runs need no question. */
export const compareRuns = (history: History, compare: CompareReports): Command => ({
  id: commandIds.compareRuns,
  execute: async (item, selection) => {
    if (!isRunItem(item)) return;
    const selected = Array.isArray(selection) ? selection.filter(isRunItem).map(({ run }) => run) : [];
    const other =
      selected.length === 2
        ? selected.find(({ file }) => file !== item.run.file)
        : await chooseOther(await history.runs(), item.run);
    if (other === undefined) return;
    const [before, after] = item.run.at < other.at ? [item.run, other] : [other, item.run];
    await compare(await history.read(before), await history.read(after));
  },
});

async function chooseOther(runs: readonly Run[], run: Run): Promise<Run | undefined> {
  const items = otherRunItems(runs, run, Date.now());
  if (items.length === 0) {
    throw userErrors.badUsage('There is no other run to compare with.', 'Profile the statement once more.');
  }
  const chosen = await vscode.window.showQuickPick(items, {
    title: 'Compare with',
    placeHolder: 'The older of the two is “before”',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.run;
}
