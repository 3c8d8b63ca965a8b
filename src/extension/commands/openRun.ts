import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { History } from '../history/history.ts';
import type { Panels } from '../panel/panels.ts';
import { targetOfReport } from '../profileTarget.ts';
import { isRunItem } from '../views/historyItems.ts';

/** Shows a kept run in the panel. */
export const openRun = (history: History, panels: Panels): Command => ({
  id: commandIds.openRun,
  execute: async (item) => {
    if (!isRunItem(item)) return;
    const report = await history.read(item.run);
    await panels.show({
      report,
      target: { ...targetOfReport(report), title: item.run.title },
    });
  },
});
