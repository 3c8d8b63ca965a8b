import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan, PlanNode } from '../../src/shared/report.ts';
import { evidenceRows, priceOf, verifiedBy } from '../../webview/evidence.ts';
import { buffersCell, qualifiers, rowsCell, selfCell, totalCell } from '../../webview/nodeCells.ts';
import { metricOf } from '../../webview/metrics.ts';
import { nodeFacts } from '../../webview/nodeFacts.ts';
import { buildPlanModel, measuredBy } from '../../webview/planModel.ts';
import { sqlTokens } from '../../webview/sqlTokens.ts';
import { nodeOf, noBuffers, planOfNodes } from '../support/reports.ts';
import { statementTitle } from '../../webview/views/header.ts';
import { recordedPlan } from './panelReports.ts';

/** The row of one node, as "self share | total | rows planned factor"; the root above it takes 100 ms. */
function check(expected: string, fields: Partial<PlanNode>, planFields: Partial<Plan> = {}): void {
  test(`row: ${expected}`, () => {
    const root = nodeOf({ type: 'Limit', totalMs: 100, selfMs: 40, cost: 200, selfCost: 10 });
    const node = nodeOf({ id: '1', parentId: '0', type: 'Seq Scan', ...fields });
    const model = buildPlanModel(planOfNodes([root, node], { executionMs: 100, ...planFields }), []);
    const self = selfCell(node, model);
    const rows = rowsCell(node, model);
    const cells = [
      [self.text, self.share],
      [totalCell(node, model).text],
      [rows.text, rows.planned, rows.factor],
    ];
    assert.equal(cells.map((parts) => parts.filter((part) => part !== '').join(' ')).join(' | '), expected);
  });
}

check('47.00 47 % | 50.00 | 6,232 / 7,790 ÷1.3', {
  selfMs: 47,
  totalMs: 50,
  rows: 6232,
  loops: 3,
  planRows: 2556,
  rowsFactor: 0.8,
});
check('0.50 | 0.50 | 120 k / 120 k', {
  selfMs: 0.5,
  totalMs: 0.5,
  rows: 120_000,
  loops: 3,
  planRows: 40_000,
  rowsFactor: 1,
});
check('0.50 | 0.50 | 0 / 41 ×0', {
  selfMs: 0.5,
  totalMs: 0.5,
  rows: 0,
  loops: 3,
  planRows: 17,
  planRowsTotal: 40.8,
  rowsFactor: 0,
});
check('0.50 | 0.50 | 50 / 6,134', { selfMs: 0.5, totalMs: 0.5, rows: 50, loops: 1, planRows: 6134 });
check('0.50 | 0.50 | 0 / 300 ×0', {
  selfMs: 0.5,
  totalMs: 0.5,
  rows: 0,
  loops: 3,
  planRows: 100,
  rowsFactor: 0,
});
check('cut off | 50.00 | 6 / 6', {
  missing: ['inputs'],
  totalMs: 50,
  rows: 6,
  loops: 1,
  planRows: 6,
});
check('never executed | – | – / 10', {
  neverExecuted: true,
  planRows: 10,
  loops: 0,
  rows: 0,
  selfMs: 0,
  totalMs: 0,
});
check(
  '150.00 | 150.00 | 6,134',
  { cost: 150, selfCost: 150, planRows: 6134 },
  {
    analyzed: false,
    nodes: [nodeOf({ type: 'Seq Scan', id: '1', cost: 150, selfCost: 150, planRows: 6134 })],
  },
);

test('per loop, all figures of a row are those of a loop', () => {
  const node = nodeOf({
    type: 'Index Scan',
    selfMs: 40,
    totalMs: 60,
    rows: 250,
    planRows: 2,
    loops: 100,
    rowsFactor: 1.25,
    selfBuffers: { ...noBuffers, sharedHit: 320 },
  });
  const usual = buildPlanModel(planOfNodes([node]), []);
  const model = measuredBy(usual, usual.metric, true);
  const { text, planned, title } = rowsCell(node, model);
  const buffers = buffersCell(node, model);
  assert.deepEqual(
    [selfCell(node, model).text, totalCell(node, model).text, text, planned, buffers.text],
    ['0.40', '0.60', '2.5', '/ 2', '3.2'],
  );
  assert.match(title, /^2\.5 rows per loop; planned 2 per loop/);
  assert.match(buffers.title, /^3\.2 blocks per loop: shared 3\.2 hit, 0 read/);
});

for (const [factor, worst, percent] of [
  [1, 1000, 0],
  [10, 1000, 33],
  [0.1, 1000, 33],
  [1000, 1000, 100],
  [1.5, 1.5, 18],
] as const) {
  test(`an estimate of ${factor} beside one of ${worst} has a bar of ${percent} %`, () => {
    const fields = { type: 'Seq Scan', rows: 10, planRows: 1, loops: 1 };
    const node = nodeOf({ ...fields, id: '1', rowsFactor: factor });
    const plan = planOfNodes([node, nodeOf({ ...fields, id: '2', rowsFactor: worst })]);
    const model = measuredBy(buildPlanModel(plan, []), metricOf('estimate'), false);
    assert.equal(Math.round(selfCell(node, model).barPercent), percent);
  });
}

test('a far-off estimate is marked from a factor of ten on, either way', () => {
  for (const [factor, farOff] of [
    [9.9, false],
    [10, true],
    [0.11, false],
    [0.1, true],
    [0, true],
  ] as const) {
    const node = nodeOf({ type: 'Seq Scan', selfMs: 1, rows: 10, loops: 1, rowsFactor: factor });
    assert.equal(rowsCell(node, buildPlanModel(planOfNodes([node]), [])).farOff, farOff, `×${factor}`);
  }
});

function checkQualifiers(expected: string, fields: Partial<PlanNode> & { readonly type: string }): void {
  test(`qualifiers: ${expected}`, () => assert.equal(qualifiers(nodeOf(fields)).join(' · '), expected));
}

checkQualifiers('2 workers', { type: 'Gather', details: { 'Workers Planned': 2, 'Workers Launched': 2 } });
checkQualifiers('1 of 2 workers', {
  type: 'Gather',
  details: { 'Workers Planned': 2, 'Workers Launched': 1 },
});
checkQualifiers('2 workers planned', { type: 'Gather', details: { 'Workers Planned': 2 } });
checkQualifiers('external merge, 2.0 MiB', {
  type: 'Sort',
  details: { 'Sort Method': 'external merge', 'Sort Space Used': 2048 },
});
checkQualifiers('2.6 MiB, 4 batches', {
  type: 'Hash',
  details: { 'Peak Memory Usage': 2700, 'Hash Batches': 4 },
});
checkQualifiers('a.id = b.id', { type: 'Hash Join', details: { 'Hash Cond': '(a.id = b.id)' } });
checkQualifiers('(a.x = 1) OR (a.y = 2)', {
  type: 'Nested Loop',
  details: { 'Join Filter': '((a.x = 1) OR (a.y = 2))' },
});
checkQualifiers('(a) AND (b)', { type: 'Nested Loop', details: { 'Join Filter': '(a) AND (b)' } });
checkQualifiers('using t_pkey', { type: 'Index Scan', index: 't_pkey' });

test('nothing that the server said of a node is left out of its details', () => {
  const { plan } = recordedPlan('seed_slow_deployments.analyze.json');
  const model = buildPlanModel(plan, []);
  for (const node of plan.nodes) {
    const names = new Set(nodeFacts(node, model).flatMap(({ facts }) => facts.map(({ name }) => name)));
    for (const key of Object.keys(node.details)) {
      assert.ok(names.has(key) || key === 'Startup Cost', `${node.type}: ${key}`);
    }
    for (const worker of node.workers ?? []) {
      for (const key of Object.keys(worker.details)) assert.ok(names.has(`#${worker.number} ${key}`), key);
    }
  }
});

const processes: readonly (readonly [value: string | undefined, fields: Partial<PlanNode>])[] = [
  [undefined, { totalMs: 12, loops: 1 }],
  ['3, on average 12.00 ms', { totalMs: 12, loops: 3, processes: 3 }],
  ['ran in 1 of 3 processes: 36.00 ms there', { totalMs: 12, loops: 1, processes: 3 }],
];
for (const [value, fields] of processes) {
  test(`the processes of a node: ${value ?? 'only one'}`, () => {
    const node = nodeOf({ type: 'Seq Scan', ...fields });
    const facts = nodeFacts(node, buildPlanModel(planOfNodes([node]), [])).flatMap((group) => group.facts);
    assert.equal(facts.find(({ name }) => name === 'Processes')?.value, value);
  });
}

test('buffers of every kind that is not zero are shown with their size', () => {
  const node = nodeOf({
    type: 'Sort',
    buffers: { ...noBuffers, tempWritten: 128 },
    selfBuffers: { ...noBuffers, tempWritten: 128 },
  });
  const group = nodeFacts(node, buildPlanModel(planOfNodes([node]), [])).find(({ id }) => id === 'buffers');
  assert.deepEqual(group?.table?.rows, [['temp written', '128', '128', '1.0 MiB']]);
});

test('evidence compares only what was measured on both sides', () => {
  const rows = evidenceRows({
    by: 'trial',
    costBefore: 9542,
    costAfter: 23,
    msBefore: 156.7,
    msAfter: 0.41,
    buffersBefore: 10,
  });
  assert.deepEqual(
    rows.map(({ name, ratio, better }) => [name, ratio, better]),
    [
      ['Measured warm', '382× faster', true],
      ['Planner cost', '÷ 415', true],
    ],
  );
});

test('what got worse is not called better', () => {
  const [row] = evidenceRows({ by: 'hypopg', costBefore: 10, costAfter: 20 });
  assert.deepEqual([row?.ratio, row?.better], ['× 2.0', false]);
});

test('who verified it, or why nobody did', () => {
  const of = (verification: Parameters<typeof evidenceRows>[0]) =>
    verifiedBy({ id: '1', kind: 'create-index', ddl: '', reason: '', verification });
  assert.equal(
    of({ by: 'none', why: 'trials are not made on production' }),
    'Not verified: trials are not made on production.',
  );
  assert.equal(of({ by: 'trial' }), 'Verified by a trial: built in a transaction, measured, rolled back.');
  assert.match(
    of({ by: 'shadow', plannerVersion: '18.6', calibrated: true }),
    /PostgreSQL 18\.6, calibrated/,
  );
});

test('the price of a suggestion is said in sentences', () => {
  const price = priceOf({
    id: '1',
    kind: 'create-index',
    ddl: '',
    reason: '',
    verification: { by: 'none' },
    sizeBytes: 1_153_434,
    writeCost: 'every insert writes to it',
    overlaps: [],
  });
  assert.equal(price, 'Size ≈ 1.1 MiB. Every insert writes to it. Does not overlap an existing index.');
});

function checkTokens(sql: string, expected: string): void {
  test(`tokens of ${sql}`, () => {
    const tokens = sqlTokens(sql);
    assert.equal(tokens.map(({ text }) => text).join(''), sql, 'no character is lost');
    const coloured = tokens.filter(({ kind }) => kind !== 'plain').map(({ kind, text }) => `${kind}:${text}`);
    assert.equal(coloured.join(' '), expected);
  });
}

checkTokens("WHERE status = 'it''s'", "keyword:WHERE string:'it''s'");
checkTokens('select "select" -- from\nfrom t', 'keyword:select comment:-- from keyword:from');
checkTokens('$$ select $$ /* from', 'string:$$ select $$ keyword:from');
checkTokens('limit 50', 'keyword:limit number:50');
checkTokens('', '');

test('a long statement is cut between words', () => {
  const sql = `SELECT m.model_name, mv.semver,\n  d.status, d.deployed_at, e.environment_name FROM deployments d ORDER BY d.deployed_at DESC LIMIT 50`;
  assert.equal(
    statementTitle(sql),
    'SELECT m.model_name, mv.semver, d.status, d.deployed_at, … DESC LIMIT 50',
  );
  assert.equal(statementTitle('select\n  1'), 'select 1');
});
