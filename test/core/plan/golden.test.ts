/** The numbers of some plans as tables, to be checked by eye; panel.txt against the design sketch of the panel. */
import { test } from 'node:test';
import { checkGolden } from '../../support/golden.ts';
import { planOf, renderPlanTable } from '../../support/plans.ts';

const goldens: Readonly<Record<string, string>> = {
  panel: 'panel',
  'seed-slow-deployments-pg18': 'pg18/seed_slow_deployments.analyze',
  'initplan-under-gather-pg15': 'pg15/initplan.analyze',
  'hashed-subplan-under-gather-pg18': 'pg18/hashed_subplan.analyze',
  'cte-twice-pg18': 'pg18/materialized_cte_twice.analyze',
  'initplan-ten-pg14': 'recorded/pg14/initplan_ten',
  'subplan-of-partitions-pg18': 'recorded/pg18/subplan_of_partitions',
  'citus-cte': 'citus13/materialized_cte_twice.analyze',
};

for (const [golden, name] of Object.entries(goldens)) {
  test(golden, () => checkGolden(`plan/${golden}.txt`, `${renderPlanTable(planOf(name))}\n`));
}
