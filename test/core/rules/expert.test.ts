/** What an expert would name first, on the recordings of PostgreSQL 15 and 18: with the plan alone, and with its statement. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findingsIn } from '../../support/findings.ts';
import { planOf, recordedSql } from '../../support/plans.ts';

interface Expected {
  readonly rule: string;
  readonly says: RegExp;
  /** The clause of the statement, where one is to blame. */
  readonly clause?: RegExp;
}

const expected: Readonly<Record<string, Expected>> = {
  seed_slow_deployments: {
    rule: 'seq-scan-discards-rows',
    says: /^Sequential scan on deployments keeps 1\.6 %/,
    clause: /^d\.deployed_at > .* AND d\.status = 'healthy'$/,
  },
  seed_correlated_subqueries: {
    rule: 'correlated-subplan',
    says: /^Sub-query is executed once per row: 20 times/,
    clause: /^\(SELECT COUNT\(\*\) FROM training_runs tr JOIN .* = m\.model_id\)$/,
  },
  distinct_sort_spill: {
    rule: 'sort-spill',
    says: /^Sort spills .* A work_mem of about \d+MB would hold it/,
    clause: /^order by started_at desc$/,
  },
  hash_spill: {
    rule: 'hash-spill',
    says: /^Hash aggregate spills .* A work_mem of about \d+MB would hold it/,
  },
  hashed_subplan: {
    rule: 'not-in-subplan',
    says: /^NOT IN /,
    clause: /^version_id not in \(select version_id from model_versions where status='archived'\)$/,
  },
  cross_join_blowup: {
    rule: 'join-without-selective-condition',
    says: /^Join without a selective condition: 2,000 × 2,000 rows/,
    clause: /^a\.team_id <> b\.team_id$/,
  },
  text_search_like: {
    rule: 'leading-wildcard-like',
    says: /^Leading wildcard .* artifact_uri/,
    clause: /^artifact_uri like '%abc%'$/,
  },
  trigger_insert: { rule: 'trigger-time', says: /^Trigger audited_ai takes/ },
  update_dml: {
    rule: 'dml-scans-for-few-rows',
    says: /^Sequential scan on deployments finds the 3,695 rows to update/,
    clause: /^status='degraded' and deployed_at > '2026-09-15'$/,
  },
};

for (const version of ['pg15', 'pg18']) {
  describe(version, () => {
    for (const [name, { rule, says, clause }] of Object.entries(expected)) {
      test(name, () => {
        const recording = `${version}/${name}.analyze`;
        const sql = recordedSql(recording) ?? '';
        for (const given of [undefined, sql]) {
          const firstTwo = findingsIn(planOf(recording), given).slice(0, 2);
          const found = firstTwo.find(({ ruleId }) => ruleId === rule);
          assert.ok(found, `${rule} is none of ${firstTwo.map(({ ruleId }) => ruleId).join(', ')}`);
          assert.match(`${found.title} ${found.detail}`, says);
          const range = found.sqlRange;
          if (given === undefined) assert.equal(range, undefined);
          else if (clause) assert.match(sql.slice(range?.start ?? 0, range?.end ?? 0), clause);
        }
      });
    }
    test('seed_slow_deployments_indexed: nothing above info on the indexed scan', () => {
      const plan = planOf(`${version}/seed_slow_deployments_indexed.analyze`);
      const scans = plan.nodes.filter(({ type }) => type.startsWith('Bitmap')).map(({ id }) => id);
      assert.equal(scans.length, 2);
      const there = findingsIn(plan).filter(({ nodeId }) => nodeId !== undefined && scans.includes(nodeId));
      assert.deepEqual(
        there.filter(({ severity }) => severity !== 'info'),
        [],
      );
    });
  });
}
