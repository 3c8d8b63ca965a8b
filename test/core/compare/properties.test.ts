/** What holds for every two plans, held against the recorded ones. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { comparePlans } from '../../../src/core/compare/comparePlans.ts';
import { renderComparisonMarkdown } from '../../../src/core/compare/renderComparisonMarkdown.ts';
import { renderComparisonText } from '../../../src/core/compare/renderComparisonText.ts';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import { buildReport, reportsOfPlanText } from '../../../src/core/report/buildReport.ts';
import { cellWidth } from '../../../src/core/report/textLayout.ts';
import type { AlignedNode, ChangeKind, PlanComparison } from '../../../src/shared/comparison.ts';
import type { PlanNode, ProfileReport } from '../../../src/shared/report.ts';
import { createRandom, generatePlan } from '../../bench/generatedPlan.ts';
import { planNames, planText } from '../../support/plans.ts';
import { nodeOf, planOfNodes, reportOf } from '../../support/reports.ts';

const reports: readonly (readonly [name: string, report: ProfileReport])[] = planNames.flatMap((name) =>
  readPlans(planText(name)).plans.map((plan) => [name, buildReport({ plan, slaMs: 1000 })] as const),
);

/** Each plan with one of the same query on another server or without ANALYZE, and with some others. */
function pairsOfPlans(): readonly (readonly [string, ProfileReport, ProfileReport])[] {
  const random = createRandom(7);
  const any = () => reports[Math.floor(random() * reports.length)]!;
  const query = (name: string) =>
    name.replace(/^.*\//, '').replace(/\.(analyze|cost)$|_(verbose|indexed)\b/g, '');
  return reports.flatMap(([name, report], place) => {
    const kin = reports.slice(place + 1).find(([other]) => query(other) === query(name));
    return [...(kin ? [kin] : []), any()].map(
      ([other, otherReport]) => [`${name} and ${other}`, report, otherReport] as const,
    );
  });
}

function assertEachOnce(
  rows: readonly AlignedNode[],
  nodes: readonly PlanNode[],
  side: 'beforeId' | 'afterId',
) {
  const ids = rows.flatMap((row) => row[side] ?? []);
  assert.equal(new Set(ids).size, ids.length, `${side}: no node is in two rows`);
  assert.deepEqual(ids.toSorted(), nodes.map(({ id }) => id).toSorted(), `${side}: every node has a row`);
}

/** Rows are a pre-order: each is at most one level deeper than the one before. */
function assertTree(rows: readonly AlignedNode[]) {
  let last = -1;
  for (const { level } of rows) {
    assert.ok(level >= 0 && level <= last + 1, `level ${level} follows ${last}`);
    last = level;
  }
}

function assertSound({ before, after, rows, verdict, changes }: PlanComparison) {
  assertEachOnce(rows, before.plan.nodes, 'beforeId');
  assertEachOnce(rows, after.plan.nodes, 'afterId');
  assertTree(rows);
  for (const row of rows) {
    const sides = [row.beforeId, row.afterId].filter((id) => id !== undefined).length;
    assert.equal(sides, row.change === 'changed' || row.change === 'same' ? 2 : 1);
    assert.equal(row.differences.length > 0, row.change === 'changed');
  }
  assert.match(verdict, /^[^\n]+\.$/);
  assert.doesNotMatch(verdict + changes.map(({ title }) => title).join(), /undefined|NaN|Infinity/);
}

/** What a comparison says of each pair, without the order that follows from which plan comes first. */
function pairsOf(
  { rows }: PlanComparison,
  [one, other]: readonly ['beforeId' | 'afterId', 'beforeId' | 'afterId'],
) {
  return rows.map((row) => `${row[one] ?? '-'} ${row[other] ?? '-'}`).toSorted();
}

function assertMirrored(there: PlanComparison, back: PlanComparison) {
  assert.deepEqual(pairsOf(there, ['beforeId', 'afterId']), pairsOf(back, ['afterId', 'beforeId']));
  const opposite = { better: 'worse', worse: 'better', neither: 'neither' } as const;
  const tell = ({ changes }: PlanComparison, mirrored: boolean) =>
    changes
      .map(({ kind, weight, effect }) => `${kind} ${weight} ${mirrored ? opposite[effect] : effect}`)
      .toSorted();
  assert.deepEqual(tell(there, false), tell(back, true));
}

describe('a plan compared with itself', () => {
  for (const [name, report] of reports) {
    test(name, () => {
      const comparison = comparePlans(report, report);
      assertSound(comparison);
      assert.deepEqual(comparison.changes, []);
      assert.ok(
        comparison.rows.every(({ change, beforeId, afterId }) => change === 'same' && beforeId === afterId),
      );
      assert.match(comparison.verdict, /^The same plan/);
    });
  }
});

describe('two plans, there and back', () => {
  for (const [name, before, after] of pairsOfPlans()) {
    test(name, () => {
      const there = comparePlans(before, after);
      assertSound(there);
      assertMirrored(there, comparePlans(after, before));
      for (const text of renderComparisonText(there, { color: false, width: 80 }).split('\n')) {
        assert.ok(cellWidth(text) <= 80 || !text.includes(' '), text);
      }
      assert.match(renderComparisonMarkdown(there), /^### /);
    });
  }
});

/** Where pastes are cut, mostly in the middle of a line. */
const cutShares = [0.2, 0.4, 0.6, 0.8, 0.95];
/** The execution time is printed last, and the root's stands in for it. */
const toldOfCut: ReadonlySet<ChangeKind> = new Set(['execution-time']);

describe('a plan that was cut off, and the whole one: what is missing is no change', () => {
  for (const name of planNames.filter((one) => one.startsWith('pg18/'))) {
    test(name, () => {
      for (const extension of ['json', 'txt', 'yaml', 'xml'] as const) {
        const text = planText(name, extension);
        const [whole] = reportsOfPlanText(text, { slaMs: 1000 }).reports;
        for (const share of cutShares) {
          const { reports: read } = reportsOfPlanText(text.slice(0, text.length * share), { slaMs: 1000 });
          const [cut] = read;
          // Some texts end where a plan could: then nobody can know.
          const isCut = cut?.problems.some(({ code }) => code === 'cut-off' || code.endsWith('-syntax'));
          if (whole === undefined || cut === undefined || isCut !== true) continue;
          // Of a single node not even its own lines need be whole.
          if (cut.plan.nodes.length < 2) continue;
          for (const comparison of [comparePlans(cut, whole), comparePlans(whole, cut)]) {
            assertSound(comparison);
            const where = `${extension}, ${share}`;
            assert.match(comparison.verdict, /the (first|second) plan is cut off/, where);
            assert.deepEqual(
              comparison.rows.filter(({ change }) => change !== 'same' && change !== 'unknown'),
              [],
              where,
            );
            assert.deepEqual(
              comparison.changes.filter(({ kind }) => !toldOfCut.has(kind)).map(({ title }) => title),
              [],
              where,
            );
          }
        }
      }
    });
  }
});

/** Processor time: the machine is shared. */
function milliseconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function mixedReport(size: number): ProfileReport {
  const [plan] = readPlans(JSON.stringify([generatePlan(size)])).plans;
  assert.ok(plan);
  return reportOf(plan);
}

/** One node below the other, a scan at the bottom. */
function deepReport(depth: number): ProfileReport {
  const typeAt = (level: number) =>
    level === depth - 1 ? 'Seq Scan' : (['Sort', 'Materialize', 'Aggregate'][level % 3] ?? '');
  const nodes = Array.from({ length: depth }, (_, level) =>
    nodeOf({
      id: String(level),
      parentId: level === 0 ? null : String(level - 1),
      type: typeAt(level),
      selfMs: 1,
    }),
  );
  return reportOf(planOfNodes(nodes, { executionMs: depth }));
}

/** The plan with every so-manieth node of another type and every other so-manieth left out, its children moved up. */
function altered(report: ProfileReport): ProfileReport {
  const random = createRandom(3);
  const parents = new Map<string, string | null>();
  const nodes = report.plan.nodes.flatMap((node): readonly PlanNode[] => {
    const parentId = node.parentId === null ? null : (parents.get(node.parentId) ?? node.parentId);
    const chance = random();
    if (chance < 0.05 && node.parentId !== null) {
      parents.set(node.id, parentId);
      return [];
    }
    if (chance > 0.9 && node.type === 'Seq Scan')
      return [{ ...node, parentId, type: 'Index Scan', index: 'i' }];
    return [{ ...node, parentId }];
  });
  return { ...report, plan: { ...report.plan, nodes } };
}

const mostMs = 1000;
for (const [what, before] of [
  ['10,000 mixed nodes', mixedReport(10_000)],
  ['10,000 nodes, one below the other', deepReport(10_000)],
] as const) {
  test(`${what} are compared within a second`, () => {
    const after = altered(before);
    let comparison: PlanComparison | undefined;
    const ms = milliseconds(() => (comparison = comparePlans(before, after)));
    assert.ok(comparison);
    assertSound(comparison);
    console.log(ms);
    assert.ok(ms < mostMs, `${ms} ms`);
    assertMirrored(comparison, comparePlans(after, before));
  });
}
