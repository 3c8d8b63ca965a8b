/**
 * Every id that package.json contributes, typed. test/manifest.test.ts holds the two together,
 * and the compiler asks for a handler of each command.
 */
import { defaultExplainOptions } from '../core/ports.ts';
import type { ConnectionProfile } from './connectionProfile.ts';

export const commandIds = {
  profileQuery: 'pgQueryProfiler.profileQuery',
  profileSeveralTimes: 'pgQueryProfiler.profileSeveralTimes',
  explainQuery: 'pgQueryProfiler.explainQuery',
  openSampleDatabase: 'pgQueryProfiler.openSampleDatabase',
  openSampleQuery: 'pgQueryProfiler.openSampleQuery',
  removeSampleData: 'pgQueryProfiler.removeSampleData',
  addConnection: 'pgQueryProfiler.addConnection',
  editConnection: 'pgQueryProfiler.editConnection',
  removeConnection: 'pgQueryProfiler.removeConnection',
  selectConnection: 'pgQueryProfiler.selectConnection',
  setPassword: 'pgQueryProfiler.setPassword',
  refreshSlowQueries: 'pgQueryProfiler.refreshSlowQueries',
  copyRemedy: 'pgQueryProfiler.copyRemedy',
  openPlan: 'pgQueryProfiler.openPlan',
  openPlanFromClipboard: 'pgQueryProfiler.openPlanFromClipboard',
  openStatement: 'pgQueryProfiler.openStatement',
  profileStatement: 'pgQueryProfiler.profileStatement',
  copyStatement: 'pgQueryProfiler.copyStatement',
  openRun: 'pgQueryProfiler.openRun',
  compareRuns: 'pgQueryProfiler.compareRuns',
  removeRuns: 'pgQueryProfiler.removeRuns',
  clearHistory: 'pgQueryProfiler.clearHistory',
  toggleCodeLenses: 'pgQueryProfiler.toggleCodeLenses',
  showLog: 'pgQueryProfiler.showLog',
  openWalkthrough: 'pgQueryProfiler.openWalkthrough',
} as const;

export type CommandName = keyof typeof commandIds;

/** One file under commands/ makes each. */
export interface Command {
  readonly id: (typeof commandIds)[CommandName];
  /** Arguments come from menus, lenses and other extensions: unknown until looked at. */
  execute(...args: readonly unknown[]): unknown;
}

export const viewContainerId = 'pgQueryProfiler';

export const viewIds = {
  connections: 'pgQueryProfiler.connections',
  slowQueries: 'pgQueryProfiler.slowQueries',
  history: 'pgQueryProfiler.history',
} as const;

export const panelViewType = 'pgQueryProfiler.profile';

export const comparisonViewType = 'pgQueryProfiler.comparison';

/** The editor of *.pgplan files. */
export const planEditorViewType = 'pgQueryProfiler.plan';

export const walkthroughId = 'start';

/** Read by `when` clauses; views/contextKeys.ts alone sets them. */
export const contextKeys = {
  /** A connection is selected. */
  hasConnection: 'pgQueryProfiler.hasConnection',
  /** A query was profiled in this session: completes the walkthrough's step. */
  profiled: 'pgQueryProfiler.profiled',
  /** Why the slow queries are not listed: a SlowQueriesState. */
  slowQueries: 'pgQueryProfiler.slowQueries',
  /** The statement that would list them can be copied. */
  hasRemedy: 'pgQueryProfiler.hasRemedy',
} as const;

export const settingsPrefix = 'pgQueryProfiler';

const noConnections: readonly ConnectionProfile[] = [];

/** Every setting with its default; package.json repeats both, with a description. */
export const settingDefaults = {
  connections: noConnections,
  slaMs: 1000,
  statementTimeoutMs: 30_000,
  'explain.verbose': defaultExplainOptions.verbose,
  'explain.settings': defaultExplainOptions.settings,
  'explain.wal': defaultExplainOptions.wal,
  'explain.timing': defaultExplainOptions.timing,
  'explain.memory': defaultExplainOptions.memory,
  'explain.serialize': defaultExplainOptions.serialize,
  'codeLens.enabled': true,
  'slowQueries.limit': 20,
  'history.maxMegabytes': 50,
  'history.keepLiterals': false,
} as const;

/** Languages whose documents hold SQL for PostgreSQL; VS Code's own is "sql", the others come with extensions. */
export const sqlLanguageIds = ['sql', 'postgres', 'postgresql', 'pgsql', 'plpgsql'] as const;
