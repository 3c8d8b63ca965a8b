/** The main job: from one statement to the panel, with every question on the way. */
import * as vscode from 'vscode';
import type { CancelSource } from '../core/cancel.ts';
import { isUserError, UserError, userErrors } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Preflight, Server } from '../core/ports.ts';
import type { GuardedStatement } from '../core/sql/guard.ts';
import type { ProfileReport } from '../shared/report.ts';
import { cancelWith } from './cancellation.ts';
import { readExplainOptions, readSetting } from './config.ts';
import type { Connection } from './connectionProfile.ts';
import type { Connections } from './connections.ts';
import { consentQuestion } from './consent.ts';
import { contextKeys } from './contributions.ts';
import type { ReportError } from './errorReporter.ts';
import type { History } from './history/history.ts';
import type { Measurements } from './measurements.ts';
import type { Panels } from './panel/panels.ts';
import type { ParameterMemory } from './parameterMemory.ts';
import { askParameters } from './parameterQuestions.ts';
import { plainMessage } from './plainMessage.ts';
import type { ProfileTarget } from './profileTarget.ts';
import { sharePanel } from './profileTarget.ts';
import type { ServerOpener } from './serverOpener.ts';
import type { SqlTools } from './sqlTools.ts';
import { loadSqlTools } from './sqlTools.ts';

export interface ProfileFlowPorts {
  readonly connections: Connections;
  /** Lets the user choose when no connection is selected; undefined when they leave. */
  readonly chooseConnection: () => Promise<Connection | undefined>;
  readonly opener: ServerOpener;
  readonly panels: Panels;
  readonly parameters: ParameterMemory;
  readonly measurements: Measurements;
  readonly history: Pick<History, 'keep'>;
  readonly reportError: ReportError;
  readonly log: Log;
}

/** Tabs are narrow; the whole statement stands in the panel. */
const tabTitleLength = 40;

interface Run {
  readonly target: ProfileTarget;
  readonly cancel: CancelSource;
  readonly done: Promise<void>;
}

export class ProfileFlow {
  readonly #ports: ProfileFlowPorts;
  readonly #runs = new Set<Run>();

  constructor(ports: ProfileFlowPorts) {
    this.#ports = ports;
  }

  /** Profiles and shows; every outcome, errors too, has been told to the user when it resolves. */
  async run(target: ProfileTarget): Promise<void> {
    // A second click while the first still measures would only disturb the measurement.
    if ([...this.#runs].some((other) => sharePanel(other.target, target))) return;
    const panel = this.#ports.panels.find(target);
    try {
      const tools = await loadSqlTools();
      if (target.valuesHidden) throw userErrors.valuesHidden();
      const guarded = tools.guard(target.sql);
      if (!guarded.ok) throw guarded.error;
      const connection = await this.#connectionOf(target);
      const title = target.analyze ? 'Profiling the query' : 'Explaining the query';
      const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
      await vscode.window.withProgress(options, async (progress, token) => {
        const cancel = cancelWith(token);
        const watching = panel?.onCancelRequested(() => cancel.request());
        const onProgress = (message: string) => {
          progress.report({ message: plainMessage(message) });
          panel?.showProgress(message);
        };
        const work = this.#profile(target, { tools, guarded: guarded.value, connection, cancel, onProgress });
        const run: Run = { target, cancel, done: work.catch(() => undefined) };
        this.#runs.add(run);
        try {
          await work;
        } finally {
          this.#runs.delete(run);
          watching?.dispose();
        }
      });
    } catch (error) {
      panel?.showError(error instanceof UserError ? error : userErrors.unexpected(error));
      this.#ports.reportError(error, this.#offersAfter(error, target));
    }
  }

  /** Stops every query that still runs: the window closes. */
  async stop(): Promise<void> {
    const runs = [...this.#runs];
    for (const { cancel } of runs) cancel.request();
    await Promise.all(runs.map(({ done }) => done));
  }

  #offersAfter(error: unknown, target: ProfileTarget) {
    if (!target.analyze || !(isUserError(error, 'timeout') || isUserError(error, 'writesNotAllowed')))
      return [];
    return [{ label: 'Explain without Running', run: () => this.run({ ...target, analyze: false }) }];
  }

  async #connectionOf({ connectionId }: ProfileTarget): Promise<Connection> {
    const { connections, chooseConnection } = this.#ports;
    const known =
      connectionId === undefined ? await connections.active() : await connections.find(connectionId);
    if (known) return known;
    const chosen = await chooseConnection();
    if (!chosen) throw userErrors.noConnectionSelected();
    await connections.select(chosen.id);
    return chosen;
  }

  async #profile(target: ProfileTarget, step: ProfileStep): Promise<void> {
    const { opener, panels, measurements, history } = this.#ports;
    const { connection, cancel, onProgress } = step;
    const request = { interactive: true, cancel, onProgress };
    const { report, parameters } = await opener.use(connection, request, async (server) => {
      const given = await this.#parameters(target, server, step);
      return { parameters: given, report: await this.#report(target, given, server, step) };
    });
    if (report.plan.executionMs !== undefined) measurements.record(target.sql, report.plan.executionMs);
    await vscode.commands.executeCommand('setContext', contextKeys.profiled, true);
    const title = step.tools.title(target.sql, tabTitleLength);
    await panels.show({ report, target: { ...target, title, connectionId: connection.id, parameters } });
    await history.keep(report);
  }

  async #parameters(target: ProfileTarget, server: Server, step: ProfileStep): Promise<Parameters> {
    const { guarded, tools, cancel, onProgress } = step;
    if (guarded.parameters.length === 0) return {};
    if (target.parameters !== undefined) return target.parameters;
    onProgress('Waiting for the values of the parameters');
    const types = await server.describeParameters(guarded.sql, cancel);
    const fingerprint = tools.parser.fingerprint(guarded.sql);
    const remembered = this.#ports.parameters.recall(fingerprint);
    const given = await askParameters({ placeholders: guarded.parameters, types, remembered });
    if (given === undefined) throw userErrors.cancelled();
    if (given !== 'generic') await this.#ports.parameters.remember(fingerprint, given);
    return given;
  }

  async #report(
    target: ProfileTarget,
    parameters: Parameters,
    server: Server,
    step: ProfileStep,
  ): Promise<ProfileReport> {
    const { createProfiler } = await import('../core/profiler.ts');
    const { tools, connection, cancel, onProgress } = step;
    const profiler = createProfiler({
      server,
      parser: tools.parser,
      log: this.#ports.log,
      now: () => new Date(),
    });
    return profiler.profile({
      sql: target.sql,
      parameters,
      options: readExplainOptions(target.analyze),
      timeoutMs: readSetting('statementTimeoutMs'),
      slaMs: readSetting('slaMs'),
      whatIf: 'auto',
      ...(target.runs !== undefined && { runs: target.runs }),
      ...(target.cold && { cold: true }),
      confirm: (preflight) => askConsent(preflight, connection, cancel),
      onProgress,
      cancel,
      ...(target.source && { source: { name: target.source.name, line: target.source.line } }),
    });
  }
}

type Parameters = NonNullable<ProfileTarget['parameters']>;

interface ProfileStep {
  readonly tools: SqlTools;
  readonly guarded: GuardedStatement;
  readonly connection: Connection;
  readonly cancel: CancelSource;
  readonly onProgress: (message: string) => void;
}

/** True: run it. False: only its plan. Leaving the question cancels the whole. */
async function askConsent(
  preflight: Preflight,
  connection: Connection,
  cancel: CancelSource,
): Promise<boolean> {
  const { message, detail } = consentQuestion(preflight, connection.name);
  const run = 'Run It';
  const planOnly = 'Plan Only';
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, run, planOnly);
  if (answer === undefined) cancel.request();
  return answer === run;
}
