import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderRankingMarkdown, renderRankingText } from '../../../src/core/report/renderRanking.ts';
import { cellWidth } from '../../../src/core/report/textLayout.ts';
import { buildRanking } from '../../../src/core/statements/buildRanking.ts';
import type { StatementRow } from '../../../src/core/ports.ts';
import { checkGolden } from '../../support/golden.ts';

const row = (queryId: string, query: string, totalMs: number, calls: number): StatementRow => ({
  queryId,
  query,
  calls,
  totalMs,
  meanMs: totalMs / calls,
  minMs: 0.5,
  maxMs: totalMs,
  stddevMs: 1,
  rows: calls * 50,
  sharedHit: 1,
  sharedRead: 0,
  tempWritten: 0,
});

const rows = [
  row(
    '9007199254740993',
    'SELECT d.status\n  FROM deployments d\n  WHERE d.deployed_at > $1',
    7_234_567,
    1_000,
  ),
  row('2', 'SELECT 1 AS "\u001b[2J|`<img src=x onerror=alert(1)>"', 12.5, 3),
];
const server = { version: '18.4', environment: 'dev', connection: 'registry' } as const;
const ranking = buildRanking(server, {
  state: 'ok',
  rows,
  totalMs: 8_000_000,
  since: '2026-11-22T10:00:00Z',
  hiddenTexts: 0,
});

test('The ranking for terminals and for pull requests', () => {
  checkGolden('report/ranking.txt', renderRankingText(ranking, { color: false, width: 100 }));
  checkGolden('report/ranking.md', renderRankingMarkdown(ranking));
});

test('Its lines fit the terminal', () => {
  for (const line of renderRankingText(ranking, { color: false, width: 80 }).split('\n'))
    assert.ok(cellWidth(line) <= 80, line);
});

test('Nothing counted is said', () => {
  const empty = buildRanking(server, { state: 'ok', rows: [], totalMs: 0, hiddenTexts: 0 });
  assert.match(
    renderRankingText(empty, { color: false, width: 80 }),
    /No statement has been counted yet\.\n$/,
  );
  assert.match(renderRankingMarkdown(empty), /No statement has been counted yet\.\n$/);
});

test('Shares are of everything that was counted, and never add up to more than all', () => {
  assert.equal(ranking.statements[0]?.share, 7_234_567 / 8_000_000);
  const late = buildRanking(server, { state: 'ok', rows, totalMs: 1, hiddenTexts: 0 });
  assert.ok(Math.abs(late.statements.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
  const none = buildRanking(server, {
    state: 'ok',
    rows: [row('1', 'SELECT 1', 0, 1)],
    totalMs: 0,
    hiddenTexts: 0,
  });
  assert.equal(none.statements[0]?.share, 0);
});
