/** Raw plans as read-only documents, as the server gave them; a closed one is let go. */
import * as vscode from 'vscode';

const planScheme = 'pg-query-profiler-plan';

export class PlanDocuments implements vscode.TextDocumentContentProvider {
  readonly #plansByPath = new Map<string, string>();
  readonly #subscriptions = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(planScheme, this),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === planScheme) this.#plansByPath.delete(uri.path);
    }),
  );
  #opened = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#plansByPath.get(uri.path) ?? '';
  }

  async open(rawPlan: string): Promise<void> {
    this.#opened++;
    const path = `/Query Plan ${this.#opened}.json`;
    this.#plansByPath.set(path, rawPlan);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.from({ scheme: planScheme, path }));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}
