/** The open panels: one for each place that statements come from, found again, and brought back after a reload. */
import * as vscode from 'vscode';
import { userErrors } from '../../core/errors.ts';
import type { ProfileReport } from '../../shared/report.ts';
import type { Connections } from '../connections.ts';
import { panelViewType } from '../contributions.ts';
import type { History } from '../history/history.ts';
import type { Profiled, ProfileTarget } from '../profileTarget.ts';
import { sharePanel } from '../profileTarget.ts';
import { readKeptState } from './keptState.ts';
import type { PanelActions } from './profilePanel.ts';
import { ProfilePanel } from './profilePanel.ts';
import type { TargetMemory } from './targetMemory.ts';

export interface PanelsPorts {
  /** The folder of the bundles: all that a panel may load. */
  readonly dist: vscode.Uri;
  readonly connections: Connections;
  readonly history: History;
  readonly targets: TargetMemory;
  readonly actions: PanelActions;
}

export class Panels implements vscode.WebviewPanelSerializer {
  readonly #ports: PanelsPorts;
  readonly #open = new Set<ProfilePanel>();

  constructor(ports: PanelsPorts) {
    this.#ports = ports;
  }

  find(target: ProfileTarget): ProfilePanel | undefined {
    return [...this.#open].find((panel) => panel.target !== undefined && sharePanel(panel.target, target));
  }

  /** Shows the profile in the panel of its place, opened beside the editor when there is none. */
  async show(profiled: Profiled): Promise<void> {
    await this.#ports.targets.remember(profiled);
    const known = this.find(profiled.target);
    known?.reveal();
    const panel =
      known ??
      this.adopt(
        // Without VS Code's find widget: it sees the rows that are drawn, the panel's own search all of them.
        vscode.window.createWebviewPanel(panelViewType, 'Query Profile', vscode.ViewColumn.Beside),
      );
    await panel.show(profiled);
  }

  /**
   * VS Code brings back a panel of the last session with the state that its page kept. Where that names the run only, it is
   * read from the history, which has it without its values unless the user keeps them.
   */
  async deserializeWebviewPanel(webviewPanel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const panel = this.adopt(webviewPanel);
    const kept = readKeptState(state);
    const report =
      kept.report ??
      (kept.profiledAt === undefined ? undefined : await this.#ports.history.recall(kept.profiledAt));
    const target = report && this.#ports.targets.recall(report);
    if (report && target) await panel.show({ report, target });
    else panel.showError(userErrors.reportGone());
  }

  /** In the panel that shows `report`, another one. */
  async replace(report: ProfileReport, next: Profiled): Promise<void> {
    const panel = [...this.#open].find((each) => each.report === report);
    if (panel) await panel.show(next);
    else await this.show(next);
  }

  /** Makes a webview of VS Code's one of the panels. The editor of a file keeps the file's name as its title. */
  adopt(webviewPanel: vscode.WebviewPanel, { keepsTitle = false } = {}): ProfilePanel {
    const { dist, connections, history, actions } = this.#ports;
    const panel = new ProfilePanel(webviewPanel, { dist, connections, history, actions, keepsTitle });
    this.#open.add(panel);
    panel.onDidDispose(() => this.#open.delete(panel));
    return panel;
  }
}
