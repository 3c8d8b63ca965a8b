/** The README against what it describes. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { commands, options } from '../../src/cli/commandTable.ts';
import { root } from './runCli.ts';

const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

interface Manifest {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
    readonly commands: readonly { readonly title: string }[];
  };
}
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;

test('Its settings and their defaults are those of package.json', () => {
  const rows = [...readme.matchAll(/^\| `(pgQueryProfiler\.[\w.]+)`\s+\| `([^`]*)`\s+\|/gm)];
  const told = Object.fromEntries(rows.map(([, name, value]) => [name, value]));
  const settings = Object.entries(manifest.contributes.configuration.properties);
  assert.deepEqual(
    told,
    Object.fromEntries(settings.map(([name, setting]) => [name, JSON.stringify(setting.default)])),
  );
});

test('It names every command and option of the command line, and no other', () => {
  const told = new Set([...readme.matchAll(/(?<![\w-])--([a-z][a-z-]*)/g)].map(([, name]) => name ?? ''));
  assert.deepEqual([...told].toSorted(), Object.keys(options).toSorted());
  const named = new Set([...readme.matchAll(/^pg-query-profiler ([a-z]+)/gm)].map(([, name]) => name ?? ''));
  assert.deepEqual([...named].toSorted(), Object.keys(commands).toSorted());
});

test('It says which commands have not every format', () => {
  const row = readme.split('\n').find((line) => line.startsWith('| `--format')) ?? '';
  const everyFormat = row.slice(0, row.indexOf('`,')).match(/(?<=[ |])[a-z]+(?=\\|$)/g);
  const lacking = Object.entries(commands).filter(([, { formats }]) => !formats.includes('html'));
  assert.deepEqual(everyFormat, [...commands.profile.formats]);
  const names = lacking.map(([name]) => `\`${name}\``).join(' and ');
  assert.ok(row.includes(`${names} have no \`html\``), row);
});

test('Its scripts and its commands of VS Code exist', () => {
  for (const [, script = ''] of readme.matchAll(/npm run (\w+)/g))
    assert.ok(manifest.scripts[script], script);
  assert.ok(manifest.scripts['start'] && manifest.scripts['test']);
  const titles = manifest.contributes.commands.map(({ title }) => title);
  for (const title of ['Open Sample Database', 'Add Connection…', 'Profile Query', 'Open a Slow Query']) {
    assert.ok(readme.includes(`**${title}**`), `the README says ${title}`);
    assert.ok(
      titles.some((one) => one.startsWith(title)),
      `a command is called ${title}`,
    );
  }
});

test('What it links to is there', () => {
  for (const [, target = ''] of readme.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
    assert.ok(existsSync(path.join(root, target)), target);
  }
});

test('The changelog begins with this version', () => {
  const changelog = readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8');
  assert.equal(/^## (\S+)/m.exec(changelog)?.[1], manifest.version);
});
