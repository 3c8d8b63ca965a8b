/** package.json ⇔ src/extension/contributions.ts ⇔ what activate() registers. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test, { describe } from 'node:test';
import { compileFunction } from 'node:vm';
import { build } from 'esbuild';
import {
  commandIds,
  comparisonViewType,
  contextKeys,
  panelViewType,
  planEditorViewType,
  settingDefaults,
  settingsPrefix,
  sqlLanguageIds,
  viewContainerId,
  viewIds,
  walkthroughId,
} from '../src/extension/contributions.ts';
import { root } from './support/importGraph.ts';
import { recordingVscode } from './support/recordingVscode.ts';

interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly extensionKind: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: string;
      readonly restrictedConfigurations: readonly string[];
    };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
    }[];
    readonly keybindings?: unknown;
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly viewsContainers: {
      readonly activitybar: readonly { readonly id: string; readonly title: string }[];
    };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly name: string }[]>>;
    readonly viewsWelcome: readonly {
      readonly view: string;
      readonly contents: string;
      readonly when?: string;
    }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly svg: string; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}

interface Setting {
  readonly default: unknown;
  readonly scope?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly items?: { readonly properties: Readonly<Record<string, unknown>> };
}

const manifestText = readFileSync(path.join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const { contributes } = manifest;
const sorted = (ids: Iterable<string>) => [...ids].toSorted();

describe('package.json and contributions.ts', () => {
  test('name the same commands, each with its title and the product’s category', () => {
    assert.deepEqual(
      sorted(contributes.commands.map(({ command }) => command)),
      sorted(Object.values(commandIds)),
    );
    for (const { command, title, category } of contributes.commands) {
      assert.ok(title.length > 0, command);
      assert.equal(category, 'Query Profiler', command);
    }
    assert.equal(new Set(contributes.commands.map(({ title }) => title)).size, contributes.commands.length);
  });

  test('name the same views in the same container', () => {
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id, title }) => [id, title]),
      [[viewContainerId, 'Query Profiler']],
    );
    assert.deepEqual(
      sorted((contributes.views[viewContainerId] ?? []).map(({ id }) => id)),
      sorted(Object.values(viewIds)),
    );
  });

  test('give the same settings the same defaults', () => {
    const properties = Object.entries(contributes.configuration.properties);
    assert.deepEqual(
      Object.fromEntries(properties.map(([name, setting]) => [name, setting.default])),
      Object.fromEntries(
        Object.entries(settingDefaults).map(([name, value]) => [`${settingsPrefix}.${name}`, value]),
      ),
    );
    for (const [name, { description, markdownDescription }] of properties)
      assert.ok((description ?? markdownDescription ?? '').length > 0, `${name} has no description`);
  });

  test('name the same languages', () => {
    const ofEvents = manifest.activationEvents
      .filter((event) => event.startsWith('onLanguage:'))
      .map((event) => event.slice('onLanguage:'.length));
    assert.deepEqual(sorted(ofEvents), sorted(sqlLanguageIds));
    for (const { when = '' } of contributes.menus['editor/context'] ?? []) {
      const pattern = /^editorLangId =~ \/(.+)\/$/.exec(when)?.[1];
      if (pattern === undefined) continue;
      for (const id of [...sqlLanguageIds, 'plaintext', 'mysql'])
        assert.equal(
          new RegExp(pattern).test(id),
          (sqlLanguageIds as readonly string[]).includes(id),
          `${when}: ${id}`,
        );
    }
  });

  test('use no id that does not exist', () => {
    const known = new Set<string>([
      ...Object.values(commandIds),
      ...Object.values(viewIds),
      ...Object.values(viewIds).map((id) => `${id}.focus`),
      ...Object.values(contextKeys),
      ...Object.keys(settingDefaults).map((name) => `${settingsPrefix}.${name}`),
      panelViewType,
      planEditorViewType,
      comparisonViewType,
    ]);
    const used = manifestText.match(/pgQueryProfiler\.[\w.]+/g) ?? [];
    assert.deepEqual(sorted(new Set(used.filter((id) => !known.has(id)))), []);
  });

  test('name the walkthrough, which has at most five steps with a picture and an end each', () => {
    const [walkthrough] = contributes.walkthroughs;
    assert.equal(walkthrough?.id, walkthroughId);
    assert.ok(walkthrough !== undefined && walkthrough.steps.length <= 5);
    for (const { media, completionEvents } of walkthrough.steps) {
      assert.ok(existsSync(path.join(root, media.svg)), media.svg);
      assert.ok(media.altText.length > 0);
      assert.ok(completionEvents.length > 0);
    }
  });
});

describe('package.json', () => {
  test('keeps connections out of workspaces, and passwords out of settings', () => {
    const connections = contributes.configuration.properties[`${settingsPrefix}.connections`];
    assert.equal(connections?.scope, 'machine');
    assert.ok(!('password' in (connections.items?.properties ?? {})));
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.equal(supported, 'limited');
    assert.ok(restrictedConfigurations.includes(`${settingsPrefix}.connections`));
    assert.deepEqual(manifest.extensionKind, ['workspace']);
  });

  test('claims no keys, and starts on nothing but its own documents and panels', () => {
    assert.equal(contributes.keybindings, undefined);
    for (const event of manifest.activationEvents) assert.match(event, /^(onLanguage|onWebviewPanel):/);
    for (const type of [panelViewType, comparisonViewType])
      assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${type}`));
  });

  test('offers in the palette only what works without an argument', () => {
    const hidden = (contributes.menus['commandPalette'] ?? []).filter(({ when }) => when === 'false');
    const needArgument = [
      commandIds.openStatement,
      commandIds.profileStatement,
      commandIds.copyStatement,
      commandIds.openRun,
      commandIds.compareRuns,
      commandIds.removeRuns,
    ];
    assert.deepEqual(sorted(hidden.map(({ command }) => command)), sorted(needArgument));
  });

  test('offers the sample database and a new connection where there is none', () => {
    const welcome = contributes.viewsWelcome.filter(({ view }) => view === viewIds.connections);
    const contents = welcome.map((text) => text.contents).join('\n');
    assert.ok(contents.includes(`(command:${commandIds.openSampleDatabase})`));
    assert.ok(contents.includes(`(command:${commandIds.addConnection})`));
  });

  test('names files that exist', () => {
    assert.ok(existsSync(path.join(root, manifest.icon)), manifest.icon);
  });
});

test('activate() registers what package.json contributes', async () => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/extension/extension.ts'],
    outfile: 'dist/extension.js',
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'pg-native', 'libpg-query'],
  });
  const { vscode, registered } = recordingVscode();
  const require = createRequire(import.meta.url);
  const module = { exports: {} as Extension };
  const load = compileFunction(outputFiles[0]?.text ?? '', ['require', 'module', 'exports']);
  load((name: string): unknown => (name === 'vscode' ? vscode : require(name)), module, module.exports);
  const subscriptions: unknown[] = [];
  const state = { get: (_key: string, fallback?: unknown) => fallback, update: () => Promise.resolve() };
  const api = module.exports.activate({
    subscriptions,
    extension: { id: 'test' },
    extensionUri: {},
    globalStorageUri: {},
    globalState: state,
    workspaceState: state,
    secrets: {},
  });

  assert.deepEqual(sorted(registered.commands), sorted(contributes.commands.map(({ command }) => command)));
  assert.deepEqual(
    sorted(registered.treeViews),
    sorted((contributes.views[viewContainerId] ?? []).map(({ id }) => id)),
  );
  assert.deepEqual(sorted(registered.panelSerializers), sorted([panelViewType, comparisonViewType]));
  assert.deepEqual(sorted(registered.lensLanguages), sorted(sqlLanguageIds));
  assert.ok(subscriptions.length >= registered.commands.length, 'what is registered is disposed of');
  assert.ok(api.activationMs > 0);
});

interface Extension {
  readonly activate: (context: unknown) => { readonly activationMs: number };
}
