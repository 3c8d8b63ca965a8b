/** The kinds of plans that every view has to show, in a browser and in VS Code. */
import { readPlans } from '../../src/core/plan/readPlans.ts';
import type { ProfileReport } from '../../src/shared/report.ts';
import { planOf, planText } from '../support/plans.ts';
import { reportOf } from '../support/reports.ts';
import {
  deepPlan,
  hostileReport,
  partitioned,
  reportOfRecorded,
  slowDeployments,
  widePlan,
} from './panelReports.ts';

/** A plan that was cut off in a copy, with what could be read of it. */
function brokenReport(): ProfileReport {
  const { plans, problems } = readPlans(planText('pg18/hash_spill.analyze').slice(0, 4000));
  return reportOf(plans[0]!, { problems });
}

export const planKinds: Readonly<Record<string, () => ProfileReport>> = {
  small: () => reportOfRecorded('update_dml.analyze.json'),
  wide: () => widePlan(300),
  deep: () => deepPlan(500),
  parallel: slowDeployments,
  'a thousand partitions': () => partitioned(1000),
  Citus: () => reportOf(planOf('citus13/union_all_append.analyze')),
  'cost only': () => reportOfRecorded('seed_slow_deployments.cost.json'),
  'never executed': () => reportOfRecorded('never_executed.analyze.json'),
  broken: brokenReport,
  hostile: hostileReport,
};
