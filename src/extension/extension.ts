/** Wires the extension: builds and registers, nothing else. What is heavy is loaded by its first use. */
import { activationTimes, type ActivationTimes } from './activationTimes.ts';
import * as vscode from 'vscode';
import { LensProvider } from './codeLens/lensProvider.ts';
import { createCommands } from './commands/createCommands.ts';
import { ConnectionEditor } from './connectionEditor.ts';
import { createConnectionPicker } from './connectionPicker.ts';
import { Connections } from './connections.ts';
import {
  comparisonViewType,
  panelViewType,
  planEditorViewType,
  sqlLanguageIds,
  viewIds,
} from './contributions.ts';
import { createErrorReporter } from './errorReporter.ts';
import { createChannelLog } from './log.ts';
import { Measurements } from './measurements.ts';
import { createPanelActions, type Profile } from './panel/panelActions.ts';
import { Panels } from './panel/panels.ts';
import { PlanDocuments } from './panel/planDocuments.ts';
import { TargetMemory } from './panel/targetMemory.ts';
import { createCompare } from './history/compareRuns.ts';
import { History } from './history/history.ts';
import { ComparisonPanels } from './panel/comparisonPanel.ts';
import { ParameterMemory } from './parameterMemory.ts';
import { askPassword } from './passwordQuestion.ts';
import { Passwords } from './passwords.ts';
import { OpenPlans } from './plans/openPlans.ts';
import { PlanOpener } from './plans/planOpener.ts';
import { createPlanReader } from './plans/planReader.ts';
import { ProfileFlow } from './profileFlow.ts';
import { registerCommand } from './registerCommand.ts';
import { SampleHolder } from './sampleHolder.ts';
import { ServerOpener } from './serverOpener.ts';
import { ConnectionsView } from './views/connectionsView.ts';
import { HistoryView } from './views/historyView.ts';
import { SlowQueriesView } from './views/slowQueriesView.ts';
import { createStatusBar } from './views/statusBar.ts';

let stop: () => Promise<void> = () => Promise.resolve();

export function activate(context: vscode.ExtensionContext): ActivationTimes {
  const calledAt = performance.now();
  const { extensionUri, globalStorageUri, globalState, workspaceState, secrets } = context;
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  const channel = vscode.window.createOutputChannel('Query Profiler', { log: true });
  const log = createChannelLog(channel);
  const reportError = createErrorReporter(log);

  const passwords = new Passwords(secrets);
  const sample = new SampleHolder({
    directory: vscode.Uri.joinPath(globalStorageUri, 'sample').fsPath,
    serverScript: vscode.Uri.joinPath(dist, 'sampleServer.js').fsPath,
    log,
  });
  const connections = new Connections({ state: globalState, passwords, sample, log });
  const opener = new ServerOpener({
    passwords,
    openSample: (onProgress) => sample.open(onProgress),
    openServer: async (options, to) => (await import('../pg/openServer.ts')).openServer(options, to),
    askPassword,
    log,
  });
  const pickConnection = createConnectionPicker(connections);
  const editor = new ConnectionEditor({ connections, passwords, opener });

  const reader = createPlanReader(vscode.Uri.joinPath(dist, 'planReader.js').fsPath);
  const history = new History(context.storageUri ?? globalStorageUri, reader, log);
  const comparisons = new ComparisonPanels(dist);
  const compare = createCompare(reader, comparisons);

  const measurements = new Measurements();
  const plans = new PlanDocuments();
  const profile: Profile = (target) => flow.run(target);
  const panels = new Panels({
    dist,
    connections,
    history,
    targets: new TargetMemory(workspaceState),
    actions: createPanelActions({
      connections,
      opener,
      plans,
      history,
      compare,
      reader,
      reportError,
      profile,
      choosePlan: (profiled) => openPlans.chooseAnother(profiled),
    }),
  });
  const openPlans = new OpenPlans(new PlanOpener(reader), panels);
  const flow = new ProfileFlow({
    connections,
    chooseConnection: () => pickConnection(undefined, { title: 'Profile Query' }),
    opener,
    panels,
    parameters: new ParameterMemory(workspaceState),
    measurements,
    history,
    reportError,
    log,
  });
  const slowQueries = new SlowQueriesView({ connections, sample, opener, log });
  const lenses = new LensProvider(measurements, log);

  const commands = createCommands({
    flow,
    editor,
    connections,
    pickConnection,
    passwords,
    sample,
    slowQueries,
    openPlans,
    history,
    panels,
    compare,
    channel,
    extensionId: context.extension.id,
  });
  context.subscriptions.push(
    ...Object.values(commands).map((command) => registerCommand(command, reportError)),
    vscode.window.registerTreeDataProvider(viewIds.connections, new ConnectionsView(connections, sample)),
    vscode.window.registerTreeDataProvider(viewIds.history, new HistoryView(history)),
    vscode.window.registerWebviewPanelSerializer(panelViewType, panels),
    vscode.window.registerWebviewPanelSerializer(comparisonViewType, comparisons),
    vscode.window.registerCustomEditorProvider(planEditorViewType, openPlans, {
      supportsMultipleEditorsPerDocument: true,
    }),
    vscode.languages.registerCodeLensProvider([...sqlLanguageIds], lenses),
    createStatusBar(connections),
    plans,
    slowQueries,
    lenses,
    measurements,
    connections,
    history,
    sample,
    channel,
  );
  stop = async () => {
    await flow.stop();
    await sample.release();
  };

  const times = activationTimes(calledAt);
  log('info', 'activated', { ...times });
  return times;
}

/** The window closes: running queries are stopped on their servers, the sample database is let go. */
export function deactivate(): Promise<void> {
  return stop();
}
