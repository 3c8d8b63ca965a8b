import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { reportsOfPlanText } from '../../../src/core/report/buildReport.ts';
import { nodeLabel } from '../../../src/core/report/planTable.ts';
import { renderMarkdown } from '../../../src/core/report/renderMarkdown.ts';
import { summaryWords } from '../../../src/core/report/reportWords.ts';
import { renderText } from '../../../src/core/report/renderText.ts';
import { cellWidth } from '../../../src/core/report/textLayout.ts';
import { checkGolden } from '../../support/golden.ts';
import { nodeOf, noBuffers, planOfNodes, reportOf } from '../../support/reports.ts';
import { guideReport, hostileReport } from './sampleReports.ts';

test('The report for terminals', () => {
  checkGolden('report/guide.txt', renderText(guideReport, { color: false, width: 100 }));
});

test('The report for narrow terminals drops columns before names', () => {
  checkGolden('report/guide-narrow.txt', renderText(guideReport, { color: false, width: 66 }));
});

test('The report for pull requests', () => {
  checkGolden('report/guide.md', renderMarkdown(guideReport));
});

test('Hostile names stay text', () => {
  checkGolden('report/hostile.txt', renderText(hostileReport, { color: false, width: 100 }));
  checkGolden('report/hostile.md', renderMarkdown(hostileReport));
});

test('Without colour there is no control character but the line break, whatever the names hold', () => {
  for (const text of [
    renderText(hostileReport, { color: false, width: 80 }),
    renderMarkdown(hostileReport),
  ]) {
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}|[\u202a-\u202e]/u);
  }
});

test('Colour adds SGR codes and changes nothing else', () => {
  const plain = renderText(guideReport, { color: false, width: 100 });
  const colored = renderText(guideReport, { color: true, width: 100 });
  assert.notEqual(colored, plain);
  assert.equal(stripVTControlCharacters(colored), plain);
});

test('No line of the plan is wider than the terminal from 80 cells on', () => {
  for (const width of [80, 100, 140]) {
    for (const line of renderText(guideReport, { color: false, width }).split('\n')) {
      // DDL is left whole, for copying.
      if (!/INDEX/.test(line)) assert.ok(cellWidth(line) <= width, `${width}: ${line}`);
    }
  }
});

const costsOff: readonly (readonly [text: string, line: RegExp])[] = [
  ['Sort\n  Sort Key: a\n  ->  Seq Scan on t\n        Filter: (b = 1)', /^└ Seq Scan on t$/m],
  ['Sort (actual rows=3 loops=1)\n  ->  Seq Scan on t (actual rows=3 loops=1)', /^└ Seq Scan on t {2}3 +1$/m],
];
for (const [text, line] of costsOff) {
  test(`COSTS OFF: no cost and no planned rows are made up, ${text.split('\n')[0]}`, () => {
    const [report] = reportsOfPlanText(text, { slaMs: 1000 }).reports;
    const shown = renderText(report!, { color: false, width: 100 });
    assert.match(shown, line);
    assert.match(shown, /costs were not printed/);
    assert.doesNotMatch(shown, /0\.00|about 0|\/ 0|planned/);
  });
}

test('one buffer is one', () => {
  const node = nodeOf({ type: 'Tid Scan', rows: 1, buffers: { ...noBuffers, sharedHit: 1 } });
  assert.ok(summaryWords(reportOf(planOfNodes([node]))).some((words) => words.startsWith('1 buffer (')));
});

test('A plan of 400 levels is drawn without drowning in blanks', () => {
  const nodes = Array.from({ length: 400 }, (_, depth) =>
    nodeOf({
      id: String(depth),
      parentId: depth === 0 ? null : String(depth - 1),
      type: 'Nested Loop',
      selfMs: 1,
      totalMs: 1,
      loops: 1,
      rows: 1,
    }),
  );
  const text = renderText(reportOf(planOfNodes(nodes)), { color: false, width: 100 });
  assert.match(text, /└399 Nested Loop/);
});

test('Nodes are called as psql calls them', () => {
  const cases: readonly (readonly [Parameters<typeof nodeOf>[0], string])[] = [
    [{ type: 'Seq Scan', relation: 'deployments', alias: 'd' }, 'Seq Scan on deployments d'],
    [{ type: 'Seq Scan', relation: 'deployments', alias: 'deployments' }, 'Seq Scan on deployments'],
    [{ type: 'Index Scan', relation: 't', index: 't_pkey' }, 'Index Scan using t_pkey on t'],
    [{ type: 'CTE Scan', alias: 'recent', details: { 'CTE Name': 'recent' } }, 'CTE Scan on recent'],
    [{ type: 'Limit', subplanName: 'InitPlan 1' }, 'InitPlan 1: Limit'],
    [
      { type: 'Seq Scan', relation: 't', distributed: { node: 'worker-1:5432' } },
      'Seq Scan on t (remote on worker-1:5432)',
    ],
  ];
  for (const [fields, label] of cases) assert.equal(nodeLabel(nodeOf(fields)), label);
});

test('A finding shows the clause of the statement that causes it, on one line', () => {
  const sql = "SELECT id FROM notes\nWHERE note LIKE\n  '%x'";
  const range = { start: sql.indexOf('note LIKE'), end: sql.length };
  const finding = { ...guideReport.findings[0]!, sqlRange: range };
  const report = { ...guideReport, sql, findings: [finding] };
  assert.match(renderText(report, { color: false, width: 100 }), /^ {2}SQL: note LIKE '%x'$/m);
  assert.match(renderMarkdown(report), /SQL: `note LIKE '%x'`/);
});
