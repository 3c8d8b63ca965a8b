/** Lenses above the statements of SQL documents, from the parse of the document's current version. */
import * as vscode from 'vscode';
import type { Log } from '../../core/log.ts';
import type { SqlStatement } from '../../core/sql/statement.ts';
import { onSettingChanged, readSetting } from '../config.ts';
import { commandIds } from '../contributions.ts';
import type { Measurements } from '../measurements.ts';
import { loadSqlTools } from '../sqlTools.ts';
import { lensItems } from './lensItems.ts';

/**
 * Parsing is synchronous, and must not hold up the extension host longer than 50 ms: a statement of 400 characters takes
 * about 0.2 ms. Larger documents are dumps, mostly; profiling from the menu works in them all the same.
 */
const lensCharacterLimit = 50_000;

/** While the user types, the document is parsed once they pause. */
const typingPauseMs = 250;

/** VS Code forgets a lens refresh that is under way when the editor loses the focus (its codelensController.ts). */
const panelTakesFocusWithinMs = 1500;

interface Parsed {
  readonly version: number;
  readonly statements: readonly SqlStatement[];
}

export class LensProvider implements vscode.CodeLensProvider {
  readonly #measurements: Measurements;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #parsed = new WeakMap<vscode.TextDocument, Parsed>();
  readonly #subscriptions: vscode.Disposable;
  #secondRefresh: NodeJS.Timeout | undefined;

  constructor(measurements: Measurements, log: Log) {
    this.#measurements = measurements;
    this.#log = log;
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      onSettingChanged('codeLens.enabled', () => this.#changed.fire()),
      measurements.onDidChange(() => this.#refreshTwice()),
    );
  }

  get onDidChangeCodeLenses(): vscode.Event<void> {
    return this.#changed.event;
  }

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[]> {
    if (!readSetting('codeLens.enabled')) return [];
    const statements = await this.#statements(document, token);
    // The editor lost the focus while the parser was loading: VS Code would not ask again by itself.
    if (token.isCancellationRequested) this.#refreshLater();
    return lensItems(statements, (text) => this.#measurements.executionMsOf(text)).map(
      ({ start, end, title, tooltip }) =>
        new vscode.CodeLens(new vscode.Range(document.positionAt(start), document.positionAt(end)), {
          title,
          tooltip,
          command: commandIds.profileQuery,
          arguments: [document.uri, start],
        }),
    );
  }

  async #statements(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<readonly SqlStatement[]> {
    const { version } = document;
    const known = this.#parsed.get(document);
    if (known?.version === version) return known.statements;
    // The first parse shows at once; later ones wait for a pause, which VS Code ends by cancelling.
    if (known) await pause(typingPauseMs);
    if (token.isCancellationRequested) return known?.statements ?? [];
    const text = document.getText();
    if (text.length > lensCharacterLimit) return [];
    const tools = await loadSqlTools();
    if (token.isCancellationRequested) return [];
    const startedAt = performance.now();
    const statements = tools.split(text);
    this.#parsed.set(document, { version, statements });
    this.#log('debug', 'statements found for lenses', {
      characters: text.length,
      statements: statements.length,
      ms: Math.round(performance.now() - startedAt),
    });
    return statements;
  }

  /** Now, for an editor that keeps the focus; and once the panel that shows the measurement has taken it. */
  #refreshTwice(): void {
    this.#changed.fire();
    this.#refreshLater();
  }

  #refreshLater(): void {
    clearTimeout(this.#secondRefresh);
    this.#secondRefresh = setTimeout(() => this.#changed.fire(), panelTakesFocusWithinMs);
  }

  dispose(): void {
    clearTimeout(this.#secondRefresh);
    this.#subscriptions.dispose();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
