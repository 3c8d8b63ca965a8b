/** One table from command to handler; the compiler asks for each. */
import type { LogOutputChannel } from 'vscode';
import type { ConnectionEditor } from '../connectionEditor.ts';
import type { PickConnection } from '../connectionPicker.ts';
import type { Connections } from '../connections.ts';
import type { Command, CommandName } from '../contributions.ts';
import { askPassword } from '../passwordQuestion.ts';
import type { Passwords } from '../passwords.ts';
import type { CompareReports } from '../history/compareRuns.ts';
import type { History } from '../history/history.ts';
import type { Panels } from '../panel/panels.ts';
import type { OpenPlans } from '../plans/openPlans.ts';
import type { ProfileFlow } from '../profileFlow.ts';
import type { SampleHolder } from '../sampleHolder.ts';
import type { SlowQueriesView } from '../views/slowQueriesView.ts';
import { addConnection } from './addConnection.ts';
import { clearHistory } from './clearHistory.ts';
import { compareRuns } from './compareRuns.ts';
import { copyRemedy } from './copyRemedy.ts';
import { copyStatement } from './copyStatement.ts';
import { editConnection } from './editConnection.ts';
import { explainQuery } from './explainQuery.ts';
import { openPlan } from './openPlan.ts';
import { openPlanFromClipboard } from './openPlanFromClipboard.ts';
import { openRun } from './openRun.ts';
import { openSampleDatabase } from './openSampleDatabase.ts';
import { openSampleQuery } from './openSampleQuery.ts';
import { openStatement } from './openStatement.ts';
import { openWalkthrough } from './openWalkthrough.ts';
import { profileQuery } from './profileQuery.ts';
import { profileSeveralTimes } from './profileSeveralTimes.ts';
import { profileStatement } from './profileStatement.ts';
import { refreshSlowQueries } from './refreshSlowQueries.ts';
import { removeConnection } from './removeConnection.ts';
import { removeRuns } from './removeRuns.ts';
import { removeSampleData } from './removeSampleData.ts';
import { selectConnection } from './selectConnection.ts';
import { setPassword } from './setPassword.ts';
import { showLog } from './showLog.ts';
import { toggleCodeLenses } from './toggleCodeLenses.ts';

export interface CommandPorts {
  readonly flow: ProfileFlow;
  readonly editor: ConnectionEditor;
  readonly connections: Connections;
  readonly pickConnection: PickConnection;
  readonly passwords: Passwords;
  readonly sample: SampleHolder;
  readonly slowQueries: SlowQueriesView;
  readonly openPlans: OpenPlans;
  readonly history: History;
  readonly panels: Panels;
  readonly compare: CompareReports;
  readonly channel: LogOutputChannel;
  readonly extensionId: string;
}

export function createCommands(ports: CommandPorts): Readonly<Record<CommandName, Command>> {
  const {
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
    extensionId,
  } = ports;
  return {
    profileQuery: profileQuery(flow),
    profileSeveralTimes: profileSeveralTimes(flow, connections),
    explainQuery: explainQuery(flow),
    openSampleDatabase: openSampleDatabase(sample, connections),
    openSampleQuery: openSampleQuery(),
    removeSampleData: removeSampleData(sample, connections),
    addConnection: addConnection(editor),
    editConnection: editConnection(editor, pickConnection),
    removeConnection: removeConnection(connections, pickConnection),
    selectConnection: selectConnection(connections, pickConnection),
    setPassword: setPassword(connections, pickConnection, passwords, askPassword),
    refreshSlowQueries: refreshSlowQueries(slowQueries),
    copyRemedy: copyRemedy(slowQueries),
    openPlan: openPlan(openPlans),
    openPlanFromClipboard: openPlanFromClipboard(openPlans),
    openStatement: openStatement(),
    profileStatement: profileStatement(flow),
    copyStatement: copyStatement(),
    openRun: openRun(history, panels),
    compareRuns: compareRuns(history, compare),
    removeRuns: removeRuns(history),
    clearHistory: clearHistory(history),
    toggleCodeLenses: toggleCodeLenses(),
    showLog: showLog(channel),
    openWalkthrough: openWalkthrough(extensionId),
  };
}
