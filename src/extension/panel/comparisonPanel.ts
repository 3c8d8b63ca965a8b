/** The panel that shows two runs side by side: one message, sent whenever the page asks. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { comparisonSchemaVersion, type PlanComparison } from '../../shared/comparison.ts';
import type { ToHost } from '../../shared/protocol.ts';
import { comparisonViewType } from '../contributions.ts';
import { panelHtml } from './html.ts';

export class ComparisonPanels implements vscode.WebviewPanelSerializer {
  readonly #dist: vscode.Uri;

  /** `dist`: the folder of the bundles, all that a panel may load. */
  constructor(dist: vscode.Uri) {
    this.#dist = dist;
  }

  show(comparison: PlanComparison): void {
    const panel = vscode.window.createWebviewPanel(
      comparisonViewType,
      'Compared Plans',
      vscode.ViewColumn.Active,
      {},
    );
    this.#fill(panel, comparison);
  }

  /** VS Code brings back a panel of the last session with the state that its page kept. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { comparison } = (state ?? {}) as { readonly comparison?: PlanComparison };
    if (comparison?.schemaVersion === comparisonSchemaVersion) this.#fill(panel, comparison);
    else panel.dispose();
    return Promise.resolve();
  }

  #fill(panel: vscode.WebviewPanel, comparison: PlanComparison): void {
    const { webview } = panel;
    const uriOf = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.#dist, name)).toString();
    webview.options = { enableScripts: true, localResourceRoots: [this.#dist] };
    webview.onDidReceiveMessage((message: ToHost) => {
      if (message.type === 'ready') void webview.postMessage({ type: 'comparison/show', comparison });
    });
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
      scriptUri: uriOf('webview.js'),
      styleUris: [uriOf('webview.css')],
    });
  }
}
