/** From a place with plans to the panel: as a command opens it, and as the editor of *.pgplan files does. */
import * as vscode from 'vscode';
import { isUserError, UserError, userErrors } from '../../core/errors.ts';
import type { Panels } from '../panel/panels.ts';
import type { Profiled } from '../profileTarget.ts';
import { choosePlan, planAt, type OpenedPlans, type PlanOpener, type PlanPlace } from './planOpener.ts';

export class OpenPlans implements vscode.CustomReadonlyEditorProvider {
  readonly #opener: PlanOpener;
  readonly #panels: Panels;
  /** What panels show one of, so that another can be chosen. By the document, or the text's own number. */
  readonly #opened = new WeakMap<
    Profiled['report'],
    { readonly plans: OpenedPlans; readonly uri?: vscode.Uri }
  >();

  constructor(opener: PlanOpener, panels: Panels) {
    this.#opener = opener;
    this.#panels = panels;
  }

  /** @throws UserError */
  async open(place: PlanPlace): Promise<void> {
    const plans = await this.#opener.open(place);
    const uri = 'uri' in place ? place.uri : undefined;
    const index = await choosePlan(plans);
    if (index !== undefined) await this.#panels.show(await this.#at(plans, index, uri));
  }

  /** Another one of the plans that were opened together. @throws UserError */
  async chooseAnother({ report }: Profiled): Promise<void> {
    const known = this.#opened.get(report);
    if (!known) throw userErrors.reportGone();
    const index = await choosePlan(known.plans);
    if (index === undefined) return;
    const next = await this.#at(known.plans, index, known.uri);
    await this.#panels.replace(report, next);
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor(
    { uri }: vscode.CustomDocument,
    webviewPanel: vscode.WebviewPanel,
  ): Promise<void> {
    const panel = this.#panels.adopt(webviewPanel, { keepsTitle: true });
    const show = async () => {
      try {
        await panel.show(await this.#at(await this.#opener.open({ uri }), 0, uri));
      } catch (error) {
        if (isUserError(error, 'cancelled')) return;
        panel.showError(error instanceof UserError ? error : userErrors.unexpected(error));
      }
    };
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), uri.path.split('/').at(-1) ?? ''),
    );
    watcher.onDidChange(show);
    webviewPanel.onDidDispose(() => watcher.dispose());
    await show();
  }

  async #at(plans: OpenedPlans, index: number, uri: vscode.Uri | undefined): Promise<Profiled> {
    const profiled = await planAt(plans, index, uri);
    this.#opened.set(profiled.report, { plans, ...(uri && { uri }) });
    return profiled;
  }
}
