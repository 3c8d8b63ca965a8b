/** One webview panel: what it shows, and what its messages ask for. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { userErrors, UserError } from '../../core/errors.ts';
import type { PanelAbilities, PanelReply, PanelRequest, ToHost, ToWebview } from '../../shared/protocol.ts';
import type { ProfileReport } from '../../shared/report.ts';
import { answerRequest } from '../../shared/rpc.ts';
import type { Connections } from '../connections.ts';
import type { History } from '../history/history.ts';
import type { Profiled, ProfileTarget } from '../profileTarget.ts';
import { panelAbilities } from './abilities.ts';
import { panelHtml } from './html.ts';

/** What the panel's buttons do; Panels wires them. */
export interface PanelActions {
  profileAgain(profiled: Profiled): void;
  revealSource(profiled: Profiled): void;
  openRawPlan(profiled: Profiled): void;
  choosePlan(profiled: Profiled): void;
  exportReport(profiled: Profiled): void;
  compareWithPrevious(profiled: Profiled): void;
  answer(request: PanelRequest, profiled: Profiled): Promise<PanelReply>;
}

export interface ProfilePanelPorts {
  /** The folder of the bundles: all that a panel may load. */
  readonly dist: vscode.Uri;
  readonly connections: Connections;
  readonly history: Pick<History, 'pairOf' | 'onDidChange'>;
  readonly actions: PanelActions;
  /** The tab has a name of its own: that of a file. */
  readonly keepsTitle: boolean;
}

export class ProfilePanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #connections: Connections;
  readonly #history: ProfilePanelPorts['history'];
  readonly #actions: PanelActions;
  readonly #keepsTitle: boolean;
  readonly #cancelRequested = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[] = [this.#cancelRequested];
  #shown: Profiled | undefined;
  /** Progress or an error that stands over the report; sent again with it. */
  #overlay: ToWebview | undefined;
  /** As last sent: a report is big, and is not sent again for nothing. */
  #sentAbilities = '';
  /** False before the page asks for its data, and once it is closed: VS Code throws when a closed one is touched. */
  #ready = false;

  constructor(panel: vscode.WebviewPanel, ports: ProfilePanelPorts) {
    const { dist, connections, history, actions, keepsTitle } = ports;
    this.#history = history;
    this.#keepsTitle = keepsTitle;
    this.#panel = panel;
    this.#connections = connections;
    this.#actions = actions;
    const { webview } = panel;
    const uriOf = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    this.#subscriptions.push(
      webview.onDidReceiveMessage((message: ToHost) => this.#receive(message)),
      connections.onDidChange(() => void this.#refreshAbilities()),
      history.onDidChange(() => void this.#refreshAbilities()),
    );
    panel.onDidDispose(() => {
      this.#ready = false;
      // A query that runs for a closed panel is stopped on the server.
      this.#cancelRequested.fire();
      vscode.Disposable.from(...this.#subscriptions).dispose();
    });
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
      scriptUri: uriOf('webview.js'),
      styleUris: [uriOf('webview.css')],
    });
  }

  /** The panel's own Cancel, or its closing. */
  get onCancelRequested(): vscode.Event<void> {
    return this.#cancelRequested.event;
  }

  get onDidDispose(): vscode.Event<void> {
    return this.#panel.onDidDispose;
  }

  get target(): ProfileTarget | undefined {
    return this.#shown?.target;
  }

  get report(): ProfileReport | undefined {
    return this.#shown?.report;
  }

  reveal(): void {
    this.#panel.reveal(undefined, true);
  }

  async show(profiled: Profiled): Promise<void> {
    this.#shown = profiled;
    this.#overlay = undefined;
    const { title } = profiled.target;
    if (!this.#keepsTitle)
      this.#panel.title = title === undefined ? 'Query Profile' : `Query Profile: ${title}`;
    await this.#sendReport();
  }

  showProgress(message: string): void {
    this.#send({ type: 'progress/show', message, canCancel: true });
  }

  showError(error: UserError): void {
    this.#send({ type: 'error/show', message: error.message, remedy: error.remedy });
  }

  #send(message: ToWebview): void {
    this.#overlay = message;
    this.#post(message);
  }

  #post(message: ToWebview): void {
    if (this.#ready) void this.#panel.webview.postMessage(message);
  }

  async #abilities(shown: Profiled): Promise<PanelAbilities> {
    const { connectionId } = shown.target;
    const connection = connectionId === undefined ? undefined : await this.#connections.find(connectionId);
    const compare = (await this.#history.pairOf(shown.report)) !== undefined;
    return { ...panelAbilities(shown, connection), compare };
  }

  async #sendReport(): Promise<void> {
    const shown = this.#shown;
    if (!shown || !this.#ready) return;
    const abilities = await this.#abilities(shown);
    if (this.#shown !== shown) return;
    this.#sentAbilities = JSON.stringify(abilities);
    this.#post({ type: 'report/show', report: shown.report, abilities });
  }

  /** A connection was added, edited or removed: buttons come and go. */
  async #refreshAbilities(): Promise<void> {
    // What stands over the report is left alone; the report that follows brings its abilities.
    if (!this.#shown || this.#overlay) return;
    if (JSON.stringify(await this.#abilities(this.#shown)) !== this.#sentAbilities) await this.#sendReport();
  }

  async #pageIsReady(): Promise<void> {
    this.#ready = true;
    await this.#sendReport();
    if (this.#overlay) this.#post(this.#overlay);
  }

  #receive(message: ToHost): void {
    if (message.type === 'ready') {
      // Comes again whenever the page was built anew: first opening, shown after hiding, moved to another window.
      void this.#pageIsReady();
      return;
    }
    if (message.type === 'profile/cancel') {
      this.#cancelRequested.fire();
      return;
    }
    const shown = this.#shown;
    if (message.type === 'request') {
      const answer = (request: PanelRequest) =>
        shown ? this.#actions.answer(request, shown) : Promise.reject(userErrors.reportGone());
      void answerRequest(message, answer, (reply) => this.#post(reply), sentenceOf);
      return;
    }
    if (!shown) return;
    if (message.type === 'profile/again') this.#actions.profileAgain(shown);
    if (message.type === 'source/reveal') this.#actions.revealSource(shown);
    if (message.type === 'plan/openRaw') this.#actions.openRawPlan(shown);
    if (message.type === 'report/export') this.#actions.exportReport(shown);
    if (message.type === 'plan/choose') this.#actions.choosePlan(shown);
    if (message.type === 'run/compare') this.#actions.compareWithPrevious(shown);
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof UserError ? error.sentence : userErrors.unexpected(error).sentence;
}
