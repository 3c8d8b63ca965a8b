/** What users read: all findings of plans that have them, word for word. */
import { test } from 'node:test';
import { findingsIn, renderFindings } from '../../support/findings.ts';
import { checkGolden } from '../../support/golden.ts';
import { planOf, recordedSql } from '../../support/plans.ts';

const goldens: Readonly<Record<string, string>> = {
  panel: 'panel',
  'slow-deployments': 'pg18/seed_slow_deployments.analyze',
  'correlated-subqueries': 'pg18/seed_correlated_subqueries.analyze',
  'cross-join': 'pg18/cross_join_blowup.analyze',
  'not-in': 'pg18/hashed_subplan.analyze',
  citus: 'citus13/seed_cte_rewrite.analyze',
  'join-filter': 'recorded/pg18/cross_join_filter',
  'nested-loop': 'recorded/pg18/nested_loop_many_rows',
  'sort-spill': 'recorded/pg18/sort_spill',
  'sort-spill-in-workers': 'recorded/pg18/sort_spill_in_workers',
  'incremental-sort-spill': 'recorded/pg18/incremental_sort_spill',
  'hash-spill': 'recorded/pg18/hash_spill',
  'hashagg-spill': 'recorded/pg18/hashagg_spill',
  'reads-from-disk': 'recorded/pg18/reads_from_disk',
  misestimate: 'recorded/pg18/subplan_of_partitions',
};

for (const [golden, name] of Object.entries(goldens)) {
  test(golden, () => {
    const sql = recordedSql(name);
    checkGolden(`rules/${golden}.txt`, `${renderFindings(findingsIn(planOf(name), sql), sql)}\n`);
  });
}
