import * as vscode from 'vscode';
import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import type { OpenPlans } from '../plans/openPlans.ts';
import type { PlanPlace } from '../plans/planOpener.ts';

/** Opens a saved plan or a log: the file that was clicked, the document on screen, or one that is chosen. */
export const openPlan = (plans: OpenPlans): Command => ({
  id: commandIds.openPlan,
  execute: async (uri) => {
    const place = uri instanceof vscode.Uri ? { uri } : ((await documentOnScreen()) ?? (await chosenFile()));
    if (place !== undefined) await plans.open(place);
  },
});

/** With what was not saved yet; the selection, if there is one. */
async function documentOnScreen(): Promise<PlanPlace | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const { document, selection } = editor;
  if (selection.isEmpty && !document.isDirty && document.uri.scheme === 'file') return { uri: document.uri };
  return { uri: document.uri, text: document.getText(selection.isEmpty ? undefined : selection) };
}

async function chosenFile(): Promise<PlanPlace | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({ title: 'Open a plan or a log', openLabel: 'Open as Plan' })) ?? [];
  return uri && { uri };
}
