/** The panel's host side, as far as it needs no window. */
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import type { Connection } from '../../src/extension/connectionProfile.ts';
import { sampleConnection } from '../../src/extension/connectionProfile.ts';
import { runOf, type Run } from '../../src/extension/history/runs.ts';
import { insertionOf } from '../../src/extension/insertion.ts';
import { panelAbilities } from '../../src/extension/panel/abilities.ts';
import { panelHtml } from '../../src/extension/panel/html.ts';
import { readKeptState } from '../../src/extension/panel/keptState.ts';
import { TargetMemory } from '../../src/extension/panel/targetMemory.ts';
import { ParameterMemory } from '../../src/extension/parameterMemory.ts';
import type { ProfileTarget } from '../../src/extension/profileTarget.ts';
import { sharePanel } from '../../src/extension/profileTarget.ts';
import { initialState } from '../../webview/state.ts';
import { toSavedState } from '../../webview/savedState.ts';
import { nodeOf, planOfNodes, reportOf } from '../support/reports.ts';

const report = reportOf(planOfNodes([nodeOf({ type: 'Result' })]), {
  profiledAt: '2026-01-01T00:00:00.000Z',
  sql: 'select 1',
  rawPlan: '[]',
});

/** VS Code's Memento keeps JSON by key; so does this. */
function memento() {
  const values = new Map<string, string>();
  return {
    get: <T>(key: string, fallback: T): T => {
      const value = values.get(key);
      return value === undefined ? fallback : (JSON.parse(value) as T);
    },
    update: (key: string, value: unknown) => Promise.resolve(void values.set(key, JSON.stringify(value))),
  };
}

test('the page lets in only the bundles, and nothing inline', () => {
  const html = panelHtml({
    cspSource: 'https://host',
    nonce: 'abc',
    scriptUri: 'https://host/webview.js',
    styleUris: ['https://host/"x.css'],
  });
  assert.ok(html.includes(`content="default-src 'none'; script-src 'nonce-abc'; style-src https://host"`));
  assert.deepEqual(html.match(/<script[^>]*>/g), ['<script nonce="abc" src="https://host/webview.js">']);
  assert.ok(html.includes('href="https://host/&quot;x.css"'));
  assert.ok(!/<style|style=|\son\w+=/.test(html));
});

describe('what the buttons can do', () => {
  const target: ProfileTarget = { sql: 'select 1', analyze: true };
  const source = { uri: 'file:///a.sql', name: 'a.sql', line: 1 };
  const production: Connection = {
    ...sampleConnection,
    origin: 'settings',
    name: 'live',
    environment: 'production',
  };

  test('all of it on the sample database', () => {
    assert.deepEqual(panelAbilities({ report, target: { ...target, source } }, sampleConnection), {
      profileAgain: true,
      revealSource: true,
      copy: true,
      export: true,
      insert: true,
      apply: true,
      openRawPlan: true,
      saveImage: true,
    });
  });
  test('no apply on production, with the reason', () => {
    const { apply, applyRefusal } = panelAbilities({ report, target }, production);
    assert.equal(apply, false);
    assert.match(applyRefusal ?? '', /“?"?live"?”? is a production connection/);
  });
  test('neither source, plan nor connection', () => {
    const { rawPlan: _, ...without } = report;
    const abilities = panelAbilities({ report: without, target }, undefined);
    assert.deepEqual(
      [abilities.profileAgain, abilities.revealSource, abilities.openRawPlan, abilities.apply],
      [false, false, false, false],
    );
  });
});

describe('a panel is shared', () => {
  const at = (line: number, sql = 'select 1', uri = 'file:///a.sql'): ProfileTarget => ({
    sql,
    analyze: true,
    source: { uri, name: 'a.sql', line },
  });
  const loose = (sql: string): ProfileTarget => ({ sql, analyze: true });
  const check = (title: string, one: ProfileTarget, other: ProfileTarget, shared: boolean) =>
    test(title, () => assert.equal(sharePanel(one, other), shared));

  check('by the statement that was edited in its place', at(3), at(3, 'select 2'), true);
  check('by the statement that moved', at(3), at(9), true);
  check('not by another statement of the file', at(3), at(9, 'select 2'), false);
  check('not by the same statement of another file', at(3), at(3, 'select 1', 'file:///b.sql'), false);
  check('by the same statement of the ranking', loose('select 1'), loose('select 1'), true);
  check('not by another one of the ranking', loose('select 1'), loose('select 2'), false);
});

describe('a suggestion is inserted', () => {
  const check = (title: string, before: string, expected: string) =>
    test(title, () => {
      const { offset, text } = insertionOf(before, 'select 1', 'DDL;');
      assert.equal(before.slice(0, offset) + text + before.slice(offset), expected);
    });

  check('behind the semicolon', 'select 1;\nselect 2;', 'select 1;\n\nDDL;\n\nselect 2;');
  check(
    'behind the comment that closes the line',
    'select 1; -- one\nselect 2;',
    'select 1; -- one\n\nDDL;\n\nselect 2;',
  );
  check(
    'before the next statement of the same line',
    'select 1; select\n2;',
    'select 1;\n\nDDL;\n select\n2;',
  );
  check('with the semicolon that is missing', 'select 1', 'select 1;\n\nDDL;\n');
  check('at the end when the statement was edited', 'select 7', 'select 7\n\nDDL;\n');
  check('with the line ends of the document', 'select 1;\r\n', 'select 1;\r\n\r\nDDL;\r\n\r\n');
});

test('where a report came from is found again after a reload', async () => {
  const state = memento();
  const target: ProfileTarget = { sql: 'select 1', analyze: true, connectionId: 'a1', parameters: {} };
  await new TargetMemory(state).remember({ report, target });
  assert.deepEqual(new TargetMemory(state).recall(report), target);
  const other = { ...report, profiledAt: '2026-02-02T00:00:00.000Z' };
  assert.deepEqual(new TargetMemory(state).recall(other), { sql: 'select 1', analyze: true });
  // Run again, "WHERE name = '…'" would find nothing, and be measured as that.
  const masked = { ...other, problems: [{ code: 'values-hidden', message: 'Values are hidden.' }] };
  assert.deepEqual(new TargetMemory(state).recall(masked)?.valuesHidden, true);
});

describe('of what a page kept over a restart, the host takes', () => {
  const check = (title: string, state: unknown, expected: unknown) =>
    test(title, () => assert.deepEqual(readKeptState(state), expected));
  const nodes = Array.from({ length: 501 }, (_, index) =>
    nodeOf({ id: String(index), type: 'Result', parentId: index === 0 ? null : '0' }),
  );
  const large = { ...report, plan: planOfNodes(nodes) };
  const { profiledAt } = report;

  check('the report', toSavedState({ ...initialState, report }), { report });
  check('of a large one, its time', toSavedState({ ...initialState, report: large }), { profiledAt });
  check('nothing of another shape', { report: { ...report, plan: {} }, profiledAt: 7 }, {});
  check('nothing where nothing was kept', undefined, {});
});

test('a kept run is found by its time', () => {
  const run = (at: string): Run => ({ file: at, at, title: '', statement: 's', cost: 1, bytes: 1 });
  const runs = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z'].map(run);
  assert.equal(runOf(runs, '2026-01-01T00:00:00.001Z'), runs[1]);
  assert.equal(runOf(runs, '2026-01-01T00:00:00.002Z'), undefined, 'it was thrown out');
});

test('parameter values are remembered by statement, NULL too, the oldest statements forgotten', async () => {
  const memory = new ParameterMemory(memento());
  await memory.remember('f0', { id: '7', note: null });
  assert.deepEqual(memory.recall('f0'), { id: '7', note: null });
  assert.equal(memory.recall('f1'), undefined);
  for (let n = 1; n <= 50; n++) await memory.remember(`f${n}`, {});
  assert.equal(memory.recall('f0'), undefined);
  assert.deepEqual(memory.recall('f50'), {});
});
