import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readReports } from '../../../src/core/report/readReports.ts';
import { renderMarkdown } from '../../../src/core/report/renderMarkdown.ts';
import { renderText } from '../../../src/core/report/renderText.ts';
import { guideReport, hostileReport } from './sampleReports.ts';

const read = (document: unknown) => readReports(JSON.stringify(document), { slaMs: 1000 });

test('Saved reports read back as they are', () => {
  for (const report of [guideReport, hostileReport]) {
    const result = read(report);
    assert.deepEqual(result.ok && result.value, {
      reports: [JSON.parse(JSON.stringify(report))],
      problems: [],
    });
  }
  const both = read({ schemaVersion: 1, reports: [guideReport, hostileReport] });
  assert.equal(both.ok && both.value.reports.length, 2);
});

test('A fault is named by its place', () => {
  const [node] = guideReport.plan.nodes;
  const faults: readonly (readonly [document: object, sentence: RegExp])[] = [
    [{ ...guideReport, findings: undefined }, /the report\.findings is not a list/],
    [
      { ...guideReport, plan: { ...guideReport.plan, nodes: [{ ...node, cost: '9' }] } },
      /the report\.plan\.nodes\[0\]\.cost is not a number/,
    ],
    [{ ...guideReport, plan: { ...guideReport.plan, nodes: [] } }, /the report\.plan\.nodes is empty/],
    [
      { ...guideReport, findings: [{ ...guideReport.findings[0], severity: 'dire' }] },
      /severity is none of critical, warning, info/,
    ],
    [{ ...guideReport, runs: { ms: 'fast' } }, /the report\.runs\.ms is not a list/],
    [{ ...guideReport, schemaVersion: 2 }, /version 2, and this program reads up to 1/],
    [{ ...guideReport, schemaVersion: '1' }, /version "1"/],
    [{ schemaVersion: 1, reports: [] }, /holds no report/],
  ];
  for (const [document, sentence] of faults) {
    const result = read(document);
    assert.match(result.ok ? 'it was read' : result.error.sentence, sentence);
    assert.equal(result.ok || result.error.fault, 'usage');
  }
});

test('What is no plan is told once', () => {
  const result = readReports('Dear server', { slaMs: 1000 });
  assert.equal(
    result.ok || result.error.sentence,
    'This is not a plan that can be read: Nothing in it is a step of a plan. Paste the whole output of EXPLAIN, in any of its formats.',
  );
});

/** Every value inside a JSON value, as the path that leads to it. */
function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string,
    unknown
  >;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

test('Whatever one value is replaced by, the report is refused or can be rendered', () => {
  const original: unknown = JSON.parse(JSON.stringify(guideReport));
  let refused = 0;
  let rendered = 0;
  for (const path of pathsOf(original)) {
    for (const by of [null, true, -1, 1e308, '', 'x', [], {}, undefined]) {
      const result = read(replaced(original, path, by) ?? null);
      if (!result.ok) {
        refused += 1;
        continue;
      }
      for (const report of result.value.reports) {
        renderText(report, { color: true, width: 80 });
        renderMarkdown(report);
      }
      rendered += 1;
    }
  }
  assert.ok(refused > 1000 && rendered > 300, `${refused} refused, ${rendered} rendered`);
});
