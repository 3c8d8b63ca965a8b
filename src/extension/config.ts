/** The user's settings, read when they are needed: a change takes effect with the next action. */
import * as vscode from 'vscode';
import type { ExplainOptions } from '../core/ports.ts';
import { settingDefaults, settingsPrefix } from './contributions.ts';

type SettingName = keyof typeof settingDefaults;
type Widened<T> = T extends boolean ? boolean : T extends number ? number : T;

export function readSetting<K extends SettingName>(name: K): Widened<(typeof settingDefaults)[K]> {
  type Value = Widened<(typeof settingDefaults)[K]>;
  const fallback = settingDefaults[name] as Value;
  const value = vscode.workspace.getConfiguration(settingsPrefix).get<Value>(name, fallback);
  // settings.json can hold anything; a number that is none must not become a timeout of NaN.
  if (typeof value !== typeof fallback) return fallback;
  return typeof value === 'number' && !(value > 0) ? fallback : value;
}

export async function writeSetting<K extends SettingName>(
  name: K,
  value: Widened<(typeof settingDefaults)[K]>,
): Promise<void> {
  await vscode.workspace
    .getConfiguration(settingsPrefix)
    .update(name, value, vscode.ConfigurationTarget.Global);
}

/** Connections of the user's own settings only: a repository never brings its own. */
export function readConnections(): unknown {
  return vscode.workspace.getConfiguration(settingsPrefix).inspect('connections')?.globalValue ?? [];
}

export function onSettingChanged(name: SettingName, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${settingsPrefix}.${name}`)) listener();
  });
}

export function readExplainOptions(analyze: boolean): ExplainOptions {
  return {
    analyze,
    buffers: true,
    verbose: readSetting('explain.verbose'),
    settings: readSetting('explain.settings'),
    wal: readSetting('explain.wal'),
    timing: readSetting('explain.timing'),
    memory: readSetting('explain.memory'),
    serialize: readSetting('explain.serialize'),
  };
}
