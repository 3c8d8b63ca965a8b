/** One query's recordings in JSON, YAML and XML: the same tree, sound numbers, nothing lost. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseJson } from '../../../src/core/plan/parseJson.ts';
import { parseXml } from '../../../src/core/plan/parseXml.ts';
import { parseYaml } from '../../../src/core/plan/parseYaml.ts';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import type { Json, Plan } from '../../../src/shared/report.ts';
import { findLost } from '../../support/lostKeys.ts';
import { planNames, planOf, planText, readCleanly } from '../../support/plans.ts';
import { checkShape, checkSums } from '../../support/soundPlan.ts';

const parsers = { yaml: parseYaml, xml: parseXml } as const;
type Format = keyof typeof parsers;
const formats = Object.keys(parsers) as readonly Format[];

/** What the shared recordings hold, in every format. */
const names = planNames.filter((name) => /^(pg15|pg18|citus13)\//.test(name));

/** The table grew between these recordings: their costs really differ. */
const differs = (name: string) => name === 'pg15/update_dml.cost';

/** Runs of their own, for which the planner chose differently. */
const plannedOtherwise: Readonly<Record<string, readonly Format[]>> = {
  'citus13/seed_join_order.analyze': ['yaml'],
  'citus13/seed_slow_deployments_indexed.analyze': ['yaml', 'xml'],
};

/** The recorder of the JSON files rounded it: DESIGN.md's tree is the rest. */
function withoutQueryId(value: Json): Json {
  const [first] = value as readonly Json[];
  assert.ok(Array.isArray(value) && value.length === 1);
  return Object.fromEntries(Object.entries(first as object).filter(([key]) => key !== 'Query Identifier'));
}

/** Kinds of nodes and how they hang together. */
function structureOf(plan: Plan) {
  return plan.nodes.map((node) => ({
    id: node.id,
    parentId: node.parentId,
    type: node.type,
    relationship: node.relationship,
    index: node.index,
    subplanName: node.subplanName,
    task: node.distributed?.task,
    // Citus shows the task of one shard, whichever answered.
    relation: node.distributed ? node.relation?.replace(/_\d{6}$/, '') : node.relation,
  }));
}

for (const format of formats) {
  describe(format, () => {
    for (const name of names) {
      test(name, () => {
        const text = planText(name, format);
        const plans = readCleanly(text);
        assert.equal(plans.length, 1);
        const [plan] = plans;
        assert.ok(plan);
        assert.equal(plan.format, format);
        checkShape(plan);
        checkSums(plan);

        const parsed = parsers[format](text);
        assert.deepEqual(findLost((parsed.documents[0] as readonly Json[])[0], plan), [], 'nothing is lost');
        if (!plannedOtherwise[name]?.includes(format))
          assert.deepEqual(structureOf(plan), structureOf(planOf(name)));
        if (name.endsWith('.cost') && !differs(name)) {
          assert.deepEqual(
            withoutQueryId(parsed.documents[0]!),
            withoutQueryId(parseJson(planText(name)).documents[0]!),
          );
        }
      });
    }
  });
}

test('YAML and XML keep every digit of the query identifier', () => {
  for (const name of names.filter((one) => one.endsWith('.cost'))) {
    const [yaml, xml] = formats.map((format) => readPlans(planText(name, format)).plans[0]?.queryId);
    assert.match(yaml ?? '', /^-?\d{15,19}$/);
    assert.equal(yaml, xml, name);
  }
});
