/** How much a finding says could be saved, against what was measured when its remedy was applied. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Finding } from '../../../src/shared/report.ts';
import { findingsOf, type Raw } from '../../support/findings.ts';
import { assertNear, planOf, planOfRaw, rawNode } from '../../support/plans.ts';

const only = (root: Raw, ruleId: string, top: Raw = {}): Finding => {
  const found = findingsOf(planOfRaw(root, top), ruleId);
  assert.equal(found.length, 1);
  return found[0]!;
};

/** A warm scan of 400,000 rows on 4,319 pages, as in the recordings. */
const scan = (keptShare: number, filter: string, ms: number) =>
  rawNode('Seq Scan', {
    'Relation Name': 'deployments',
    Filter: filter,
    'Actual Rows': 400_000 * keptShare,
    'Rows Removed by Filter': 400_000 * (1 - keptShare),
    'Actual Total Time': ms,
    'Shared Hit Blocks': 4319,
  });

describe('an index instead of a sequential scan', () => {
  const saved = (keptShare: number, filter: string, ms: number) =>
    only(scan(keptShare, filter, ms), 'seq-scan-discards-rows').savableMs;
  test('for an eighth that lies anywhere: measured 29.4 → 25.3 ms', () =>
    assertNear(saved(0.125, "(status = 'failed'::text)", 29.4), 4.1, 1));
  test('for a 64th that lies together: measured 42 → 3.5 ms', () =>
    assertNear(saved(1 / 64, "(deployed_at > '2026-09-01')", 42), 38.5, 2));
  test('for as many rows as there are pages: they are on two thirds of the pages', () =>
    assertNear(saved(4319 / 400_000, "(status = 'failed'::text)", 100), 65, 1));
  test('for next to nothing: nearly all', () => assertNear(saved(0.0001, '(id = 7)', 100), 99, 1));
});

describe('memory instead of temporary files', () => {
  const sort = (more: Raw) =>
    rawNode('Sort', {
      'Actual Total Time': 567,
      'Sort Space Type': 'Disk',
      'Sort Space Used': 20_000,
      ...more,
    });
  test('saves what the files took, where that was measured', () => {
    const { savableMs, severity } = only(
      sort({ 'Temp I/O Read Time': 12, 'Temp I/O Write Time': 46 }),
      'sort-spill',
    );
    assertNear(savableMs, 58);
    assert.equal(severity, 'warning', 'it is in the step that takes most');
  });
  test('else at most a fifth: measured 567 → 497 ms, and twice nothing', () =>
    assertNear(only(sort({}), 'sort-spill').savableMs, 113.4));
  test('is a note where the files cost little in a step that takes little', () => {
    const plan = rawNode('Append', {
      'Actual Total Time': 5000,
      Plans: [{ ...sort({}), 'Parent Relationship': 'Member' }],
    });
    assert.equal(only(plan, 'sort-spill').severity, 'info');
  });
  test('files are measured over all processes, with what is below', () => {
    const worked = rawNode('Gather', {
      'Actual Total Time': 400,
      'Workers Planned': 1,
      Plans: [
        {
          ...sort({ 'Temp I/O Read Time': 60, 'Actual Loops': 2, 'Actual Total Time': 300 }),
          'Parent Relationship': 'Outer',
          Plans: [
            rawNode('Seq Scan', {
              'Parent Relationship': 'Outer',
              'Actual Loops': 2,
              'Temp I/O Read Time': 20,
            }),
          ],
        },
      ],
    });
    assertNear(only(worked, 'sort-spill').savableMs, 20);
  });
});

describe('the work_mem of a Parallel Hash', () => {
  // Measured on PostgreSQL 15: 10MB held it.
  const workMem = (name: string) =>
    findingsOf(planOf(name), 'hash-spill').map(({ evidence }) => evidence['workMem']);
  test('is a share of the table’s, for all processes pool theirs', () =>
    assert.deepEqual(workMem('pg15/never_executed.analyze'), ['10MB']));
  const hash = (more: Raw, top: Raw = {}) => {
    const plan = rawNode('Hash Join', {
      Plans: [
        rawNode('Hash', {
          'Parent Relationship': 'Inner',
          'Hash Batches': 4,
          'Peak Memory Usage': 4096,
          ...more,
        }),
      ],
    });
    return only(plan, 'hash-spill', top);
  };
  test('has one figure where the plan tells hash_mem_multiplier, by a key of 15 to 18 or as a setting', () => {
    assert.match(hash({ Disabled: false }).detail, /work_mem of about 8MB would hold it\.$/);
    assert.match(
      hash({}, { Settings: { hash_mem_multiplier: '4' } }).detail,
      /work_mem of about 4MB would hold it\.$/,
    );
  });
  test('and two where it does not', () =>
    assert.match(hash({}).detail, /about 16MB would hold it \(8MB from PostgreSQL 15 on/));
});
