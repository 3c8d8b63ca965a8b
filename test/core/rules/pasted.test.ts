/** What people paste: short TEXT plans without VERBOSE, and what an expert would (and would not) say of each. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findingsIn } from '../../support/findings.ts';
import { onlyPlan } from '../../support/plans.ts';

interface Expected {
  /** Rule by rule, what its finding says: title, detail, fix. */
  readonly says?: Readonly<Record<string, RegExp>>;
  readonly silent?: readonly string[];
}

const folder = join(import.meta.dirname, '../../fixtures/pasted');

const expected: Readonly<Record<string, Expected>> = {
  fk_delete: {
    says: {
      'foreign-key-unindexed': /^Foreign key child_parent_id_fkey takes 40\.00 ms for each row/,
      'slow-execution': /Begin with the step that takes most: the constraint child_parent_id_fkey, 4\.00 s/,
    },
    silent: ['trigger-time'],
  },
  fk_delete_verbose: {
    says: { 'foreign-key-unindexed': /^Foreign key child_parent_id_fkey takes 40\.00 ms for each row/ },
    silent: ['trigger-time'],
  },
  fk_join_fullscan: {
    says: {
      'join-reads-whole-table':
        /^All 1,000,000 rows of orders are read for a join that keeps <0\.1 % .* has 1 row, .* index on customer_id of orders/,
    },
    silent: ['seq-scan-is-right'],
  },
  nl_misestimate: {
    says: {
      'correlated-columns':
        /^city and country of a may depend on each other: .* 1 row was planned.* Run ANALYZE a\. Then, if the estimate stays wrong: CREATE STATISTICS/,
    },
    silent: ['row-misestimate'],
  },
  count_distinct: {
    says: { 'aggregate-sorts-inside': /^Aggregate sorts 750,893 rows inside, through 67\.4 MiB/ },
    silent: ['temp-files'],
  },
  no_workers: {
    says: {
      'workers-not-launched': /^Gather got 0 of 4 planned workers/,
      'seq-scan-is-right': /or all the workers that it was planned for, makes it faster\.$/,
    },
  },
  not_in_workers: {
    says: { 'not-in-subplan': /each of 3 processes built for itself/ },
    silent: ['seq-scan-is-right'],
  },
  trigram_recheck: {
    says: { 'index-recheck-removes-rows': /finds 50,100 candidates/ },
    silent: ['row-misestimate'],
  },
  noleader: {
    says: { 'seq-scan-discards-rows': /^Sequential scan on t keeps <0\.1 %/ },
    silent: ['row-misestimate'],
  },
  before_trigger: {
    says: {
      'trigger-time': /^Trigger audited_bi takes 30\.00 ms .* Make its function faster: .* generated column/,
    },
  },
  bullets_below: {
    says: { 'seq-scan-discards-rows': /^Sequential scan on orders keeps <0\.1 %/ },
  },
  quoted_arrow_below: {
    says: { 'seq-scan-discards-rows': /^Sequential scan on orders keeps <0\.1 %/ },
  },
  skip_scan: {
    says: {
      'skip-scan-searches':
        /^Index t_a_b_idx is searched 100,001 times for 10 rows .* CREATE INDEX ON t \(b\)\.$/,
    },
  },
  one_row_update: { silent: ['trigger-time'] },
  memoized_loop: { silent: ['nested-loop-many-rows'] },
  equality_in_loop: {
    says: {
      'rows-removed-by-filter':
        /The condition is an equality, .* CTE Scan on w was planned to return 1 row, and returned 10,000 rows: correct/,
      'nested-loop-many-rows': /The condition is an equality/,
    },
  },
  json_text: {
    says: {
      'function-on-column': /CREATE INDEX ON ev \(\(data ->> 'k'\)\)\. Or, if data is jsonb, ask for data @>/,
    },
  },
  group_by_expression: {
    says: { 'row-misestimate': /CREATE STATISTICS … ON \(lower\(name\)\) FROM ev; ANALYZE ev;/ },
  },
  delete_in_loop: {
    says: { 'unindexed-join': /^Sequential scan on o is run 500 times to look up id/ },
    silent: ['dml-scans-for-few-rows'],
  },
  ilike_beginning: {
    says: { 'leading-wildcard-like': /^Ignoring case .* lower\(name\) LIKE lower\('abc%'\)/ },
  },
  not_in_unhashed: {
    says: { 'not-in-subplan': /^NOT IN goes through its sub-query again for each row/ },
    silent: ['seq-scan-discards-rows'],
  },
  offset: {
    says: { 'sort-spill': /Sorting 200,000 rows .* work_mem of about 32MB/, 'offset-paging': /./ },
    silent: ['full-sort-for-limit', 'limit-reads-all-rows'],
  },
};

for (const [name, { says = {}, silent = [] }] of Object.entries(expected)) {
  test(name, () => {
    const findings = findingsIn(onlyPlan(readFileSync(join(folder, `${name}.txt`), 'utf8')));
    const ids = findings.map(({ ruleId }) => ruleId);
    for (const [id, words] of Object.entries(says)) {
      const found = findings.filter(({ ruleId }) => ruleId === id);
      assert.equal(found.length, 1, `${id}: ${ids.join(', ')}`);
      assert.match(`${found[0]!.title} ${found[0]!.detail} ${found[0]!.fix}`, words);
    }
    for (const id of silent) assert.ok(!ids.includes(id), ids.join(', '));
  });
}

test('a limit that was exceeded comes behind the findings that name a cause', () => {
  const findings = findingsIn(onlyPlan(readFileSync(join(folder, 'city_and_state.txt'), 'utf8')));
  assert.deepEqual(
    findings.map(({ ruleId }) => ruleId),
    ['nested-loop-many-rows', 'correlated-columns', 'slow-execution'],
  );
});
