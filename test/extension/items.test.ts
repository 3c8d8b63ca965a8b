/** What trees, lenses, the status bar and dialogs say. */
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import type { Preflight, StatementsReading } from '../../src/core/ports.ts';
import type { SqlStatement } from '../../src/core/sql/statement.ts';
import { lensItems } from '../../src/extension/codeLens/lensItems.ts';
import type { Connection } from '../../src/extension/connectionProfile.ts';
import { sampleConnection } from '../../src/extension/connectionProfile.ts';
import { connectionSummary } from '../../src/extension/connectionSummary.ts';
import { consentQuestion } from '../../src/extension/consent.ts';
import { factsOfRun, type Run } from '../../src/extension/history/runs.ts';
import { connectionItems } from '../../src/extension/views/connectionItems.ts';
import { historyItems, otherRunItems } from '../../src/extension/views/historyItems.ts';
import { readingMessage, slowQueryItems } from '../../src/extension/views/slowQueryItems.ts';
import { statusText } from '../../src/extension/views/statusText.ts';
import { slowDeployments } from '../webview/panelReports.ts';

const staging: Connection = {
  id: 'a1',
  name: 'ml_registry',
  host: 'db.example.org',
  port: 5432,
  database: 'registry',
  user: 'app',
  ssl: 'prefer',
  environment: 'staging',
  readOnly: true,
  origin: 'settings',
};

test('connections are named by environment, and the selected one by word, icon and menu', () => {
  const items = connectionItems([staging, sampleConnection], 'a1', 'open');
  assert.deepEqual(
    items.map(({ label, description, icon, contextValue }) => [label, description, icon, contextValue]),
    [
      ['ml_registry', 'selected · staging · read-only · registry', 'check', 'profile active'],
      ['Sample database', 'running', 'beaker', 'sample inactive'],
    ],
  );
  assert.match(items[0]?.tooltip ?? '', /app@db\.example\.org:5432\/registry/);
});

test('the status bar names the environment first, and draws no icon out of a name', () => {
  assert.equal(statusText(staging).text, '$(database) staging · ml_registry');
  assert.equal(statusText(sampleConnection).text, '$(database) Sample database');
  assert.equal(statusText({ ...staging, name: '$(bug)' }).text, '$(database) staging · $ (bug)');
});

describe('slow queries', () => {
  const row = {
    queryId: '-2752312922531438488',
    query: 'SELECT 1 -- <img onerror>',
    calls: 1250,
    totalMs: 8_937_500,
    meanMs: 7150,
    minMs: 6800,
    maxMs: 9000,
    stddevMs: 10,
    rows: 62_500,
    sharedHit: 1,
    sharedRead: 1,
    tempWritten: 0,
  };
  const reading = (
    fields: Partial<Extract<StatementsReading, { state: 'ok' }>>,
  ): Extract<StatementsReading, { state: 'ok' }> => ({
    state: 'ok',
    rows: [row],
    totalMs: 10_000_000,
    hiddenTexts: 0,
    ...fields,
  });

  test('show mean and calls beside the title', () => {
    const [item] = slowQueryItems(reading({}), 'a1', (sql) => sql.slice(0, 8));
    assert.equal(item?.label, 'SELECT 1');
    assert.equal(item?.description, '7.15 s mean · 1,250 calls');
    assert.match(item?.facts ?? '', /89\.4 % of all/);
    assert.equal(item?.query, row.query);
  });

  test('have ids of their own, also when a statement came from two roles', () => {
    const ids = slowQueryItems(reading({ rows: [row, row] }), 'a1', (sql) => sql).map(({ id }) => id);
    assert.equal(new Set(ids).size, 2);
  });

  test('say what is hidden or missing', () => {
    assert.equal(readingMessage(reading({})), undefined);
    assert.match(
      readingMessage(reading({ hiddenTexts: 3 })) ?? '',
      /3 statements are hidden.*pg_read_all_stats/,
    );
    const missing = { state: 'missing', message: 'It is not there.', remedy: 'Create it.' } as const;
    assert.equal(readingMessage(missing), 'It is not there. Create it.');
    assert.match(
      readingMessage({ ...missing, remedySql: 'CREATE' }) ?? '',
      /Create it\. The button above copies/,
    );
  });
});

describe('kept runs', () => {
  const nowMs = Date.parse('2026-01-18T12:00:00.000Z');
  const kept = (minutesAgo: number, fields: Partial<Run> = {}): Run => ({
    file: `${minutesAgo}.json`,
    at: new Date(nowMs - minutesAgo * 60_000).toISOString(),
    title: 'SELECT 1',
    statement: 'one',
    ms: 119.1,
    cost: 8121.5,
    bytes: 1000,
    ...fields,
  });
  const { ms: _, ...runWithoutTime } = kept(60 * 26);
  const runs = [
    kept(0),
    kept(2, { medianOf: 5, connection: 'registry' }),
    kept(1, { statement: 'two', title: 'SELECT $(bug)' }),
    runWithoutTime,
  ];

  test('tell a single run from the median of several', () => {
    assert.deepEqual(
      historyItems(runs, nowMs)[0]?.runs.map(({ label, description }) => `${label} | ${description}`),
      [
        '119.1 ms | just now',
        '119.1 ms | median of 5 runs · 2 minutes ago · registry',
        'cost 8,121.50 | 1 day ago',
      ],
    );
    const made = slowDeployments();
    assert.equal(factsOfRun(made).medianOf, undefined);
    const times = { ms: [3, 1, 2], medianMs: 2, minMs: 1, maxMs: 3 };
    assert.equal(factsOfRun({ ...made, runs: times }).medianOf, 3);
  });

  test('are told apart by time and age where one is chosen, runs of the same statement first', () => {
    const time = ({ at }: Run) =>
      new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
    assert.deepEqual(
      otherRunItems(runs, runs[0]!, nowMs).map(({ label, description, detail }) => [
        label,
        description,
        detail,
      ]),
      [
        ['119.1 ms · 2 minutes ago', `median of 5 runs · ${time(runs[1]!)} · registry`, 'SELECT 1'],
        ['cost 8,121.50 · 1 day ago', time(runs[3]!), 'SELECT 1'],
        ['119.1 ms · 1 minute ago', time(runs[2]!), 'SELECT $ (bug)'],
      ],
    );
  });
});

test('lenses stand on what can be explained, with the time of the same text', () => {
  const statement = (text: string, start: number, explainable: boolean): SqlStatement => ({
    start,
    end: start + text.length,
    text,
    kind: 'SelectStmt',
    explainable,
  });
  const statements = [
    statement('select 1', 0, true),
    statement('begin', 10, false),
    statement('select 2', 20, true),
  ];
  const items = lensItems(statements, (text) => (text === 'select 2' ? 156.7 : undefined));
  assert.deepEqual(
    items.map(({ start, title }) => [start, title]),
    [
      [0, 'Profile'],
      [20, 'Profile · 156.7 ms'],
    ],
  );
});

describe('the question before a statement runs', () => {
  const preflight: Preflight = {
    access: 'write',
    environment: 'dev',
    cost: 8121.5,
    planRows: 400_000,
    triggers: [],
    volatileFunctions: [],
    locks: [],
    notUndone: [],
  };
  const check = (title: string, changes: Partial<Preflight>, expected: readonly RegExp[]) =>
    test(title, () => {
      const { message, detail } = consentQuestion({ ...preflight, ...changes }, 'registry');
      for (const text of expected) assert.match(`${message}\n${detail}`, text);
    });

  check('names the connection, the effect and the estimate', {}, [
    /“registry”\?/,
    /changes rows .*rolled back/,
    /400 k rows at a cost of 8,121\.50/,
  ]);
  check('names production', { environment: 'production', access: 'read' }, [/\(production\)/, /read-only/]);
  check('says that rows are locked', { access: 'lock' }, [/locks rows/]);
  check(
    'names triggers, functions, locks and what stays',
    {
      triggers: ['deployments.audit_ai'],
      volatileFunctions: ['notify_team'],
      locks: ['RowExclusiveLock on deployments'],
      notUndone: ['Values taken from sequences are not given back.'],
    },
    [/Triggers.*audit_ai/, /notify_team/, /RowExclusiveLock/, /does not undo:\nValues taken from sequences/],
  );
  check('does not list for ever', { triggers: Array.from({ length: 30 }, (_, n) => `t${n}`) }, [
    /t7 and 22 more\./,
  ]);
});

test('a tested connection is summed up in words', () => {
  const info = {
    version: '18.4',
    versionNum: 180_004,
    database: 'registry',
    user: 'app',
    environment: 'dev',
    isSample: false,
    isStandby: true,
    isSuperuser: false,
    extensions: { pg_stat_statements: '1.12' },
  } as const;
  const reading = {
    state: 'not-permitted',
    message: 'It may not be read.',
    remedy: 'GRANT pg_read_all_stats.',
  } as const;
  assert.equal(
    connectionSummary(info, reading),
    'Connected to PostgreSQL 18.4, a standby, database "registry", as "app" (an ordinary role). ' +
      'Extensions: pg_stat_statements 1.12, hypopg not installed. It may not be read. GRANT pg_read_all_stats.',
  );
});
