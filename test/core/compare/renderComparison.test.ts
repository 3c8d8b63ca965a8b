/** Comparisons as people read them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { comparePlans } from '../../../src/core/compare/comparePlans.ts';
import { renderComparisonMarkdown } from '../../../src/core/compare/renderComparisonMarkdown.ts';
import { renderComparisonText } from '../../../src/core/compare/renderComparisonText.ts';
import { buildReport } from '../../../src/core/report/buildReport.ts';
import { cellWidth } from '../../../src/core/report/textLayout.ts';
import type { PlanComparison } from '../../../src/shared/comparison.ts';
import { checkGolden } from '../../support/golden.ts';
import { planOf } from '../../support/plans.ts';
import { hostileReport } from '../report/sampleReports.ts';

const recorded = (before: string, after: string): PlanComparison =>
  comparePlans(
    buildReport({
      plan: planOf(before),
      slaMs: 1000,
      source: { name: `${before.replace(/.*\//, '')}.json` },
    }),
    buildReport({ plan: planOf(after), slaMs: 1000, source: { name: `${after.replace(/.*\//, '')}.json` } }),
  );

const guide = recorded('pg15/seed_slow_deployments.analyze', 'pg15/seed_slow_deployments_indexed.analyze');

const goldens: Readonly<Record<string, readonly [PlanComparison, width: number]>> = {
  'index-gained': [guide, 100],
  'index-gained-narrow': [guide, 80],
  'index-gained-cost': [
    recorded('pg15/seed_slow_deployments.cost', 'pg15/seed_slow_deployments_indexed.cost'),
    100,
  ],
  'join-order-of-two-servers': [
    recorded('pg15/seed_join_order.analyze', 'pg18/seed_join_order.analyze'),
    120,
  ],
  'moved-to-citus': [recorded('pg15/seed_join_order.analyze', 'citus13/seed_join_order.analyze'), 120],
  'one-of-two-executed': [recorded('pg15/hash_spill.analyze', 'pg15/hash_spill.cost'), 100],
  'two-queries': [recorded('pg15/initplan.analyze', 'pg15/partition_pruned.analyze'), 100],
  itself: [recorded('pg15/lateral_top_n.analyze', 'pg15/lateral_top_n.analyze'), 100],
};

for (const [name, [comparison, width]] of Object.entries(goldens)) {
  test(`For terminals: ${name}`, () => {
    checkGolden(`compare/${name}.txt`, renderComparisonText(comparison, { color: false, width }));
  });
}

test('For pull requests', () => {
  checkGolden('compare/index-gained.md', renderComparisonMarkdown(guide));
});

test('Hostile names stay text, and without colour there is no control character but the line break', () => {
  const comparison = comparePlans(hostileReport, {
    ...hostileReport,
    plan: {
      ...hostileReport.plan,
      nodes: hostileReport.plan.nodes.map((node) => ({ ...node, index: '\u001b[31m`|<img onerror=x>' })),
    },
  });
  const markdown = renderComparisonMarkdown(comparison);
  for (const text of [renderComparisonText(comparison, { color: false, width: 80 }), markdown]) {
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}|[\u202a-\u202e]/u);
  }
  assert.doesNotMatch(markdown.replaceAll(/```[^]*?```/g, ''), /(?<!\\)<(?!\/?(details|summary)>)/);
});

test('Colour adds SGR codes and changes nothing else', () => {
  const plain = renderComparisonText(guide, { color: false, width: 100 });
  const colored = renderComparisonText(guide, { color: true, width: 100 });
  assert.notEqual(colored, plain);
  assert.equal(stripVTControlCharacters(colored), plain);
});

test('No line is wider than the terminal from 80 cells on', () => {
  for (const width of [80, 100, 140]) {
    for (const [comparison] of Object.values(goldens)) {
      for (const line of renderComparisonText(comparison, { color: false, width }).split('\n')) {
        assert.ok(cellWidth(line) <= width, `${width}: ${line}`);
      }
    }
  }
});
