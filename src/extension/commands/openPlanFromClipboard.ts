import * as vscode from 'vscode';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { OpenPlans } from '../plans/openPlans.ts';

/** Opens what EXPLAIN printed elsewhere and somebody copied. */
export const openPlanFromClipboard = (plans: OpenPlans): Command => ({
  id: commandIds.openPlanFromClipboard,
  execute: async () => plans.open({ name: 'Clipboard', text: await vscode.env.clipboard.readText() }),
});
