/** One check for all rules: which of a rule's findings a plan gives, what they say, and what they survive. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPlans } from '../../src/core/plan/readPlans.ts';
import { findAll, rules } from '../../src/core/rules/index.ts';
import { loadParser } from '../../src/core/sql/parser.ts';
import type { Finding, Plan } from '../../src/shared/report.ts';
import { checkGolden } from './golden.ts';
import { planOfRaw } from './plans.ts';

/** The limit of tests that are not about it. */
const slaMs = 1000;

export const parser = await loadParser();

/** All findings, as hosts get them. */
export function findingsIn(plan: Plan, sql?: string): readonly Finding[] {
  return findAll(plan, { slaMs, parser, ...(sql !== undefined && { sql }) });
}

export function findingsOf(plan: Plan, ruleId: string, sql?: string): readonly Finding[] {
  return findingsIn(plan, sql).filter((finding) => finding.ruleId === ruleId);
}

export type Raw = Readonly<Record<string, unknown>>;

/** A hand-written plan: its root, and where needed its top-level keys and the statement. */
export interface Sample {
  readonly root: Raw;
  readonly top?: Raw;
  readonly sql?: string;
}

export interface RuleCases {
  /** Gives one finding, whose words are the rule's golden. */
  readonly fires: Sample;
  /** Further plans with one finding, by what they show. */
  readonly firesToo?: Readonly<Record<string, Sample>>;
  /** Just under the threshold, and the traps. */
  readonly silent: Readonly<Record<string, Sample>>;
}

/** What every rule's tests have in common; the cases are data. */
export function describeRule(id: string, { fires, firesToo = {}, silent }: RuleCases): void {
  describe(id, () => {
    test('fires, in these words', () => {
      const found = foundIn(fires, id);
      assert.equal(found.length, 1);
      checkGolden(`rules/each/${id}.txt`, `${renderFindings(found, fires.sql)}\n`);
    });
    for (const [what, sample] of Object.entries(firesToo))
      test(`fires: ${what}`, () => assert.equal(foundIn(sample, id).length, 1));
    for (const [what, sample] of Object.entries(silent))
      test(`silent: ${what}`, () => assert.deepEqual(foundIn(sample, id), []));
    test('survives without any key', () => {
      const text = textOf(fires);
      for (const key of keysIn(text)) {
        const without = text.replaceAll(`"${key}":`, '"Absent":');
        for (const plan of readPlans(without).plans) assertSound(findingsIn(plan, fires.sql));
      }
    });
    test('survives values of another type', () => {
      const text = textOf(fires);
      for (const value of ['"x"', '[]', '{}', 'null', '-1']) {
        for (const key of keysIn(text)) {
          const other = text.replace(new RegExp(`"${key}":("[^"]*"|[-0-9.e]+)`, 'g'), `"${key}":${value}`);
          for (const plan of readPlans(other).plans) findingsIn(plan, fires.sql);
        }
      }
    });
  });
}

function foundIn(sample: Sample, id: string): readonly Finding[] {
  const plan = planOfRaw(sample.root, sample.top);
  const findings = findingsOf(plan, id, sample.sql);
  assertSound(findings, plan);
  return findings;
}

const textOf = ({ root, top }: Sample) => JSON.stringify([{ Plan: root, ...top }]);
const keysIn = (text: string) => new Set([...text.matchAll(/"([\w /-]+)":/g)].map((match) => match[1]!));

/** Complete, free of what a missing number leaves behind, and saving no more than there is. */
export function assertSound(findings: readonly Finding[], plan?: Plan): void {
  const total = plan && Math.max(plan.executionMs ?? 0, plan.nodes[0]?.totalMs ?? 0) + (plan.planningMs ?? 0);
  for (const { ruleId, title, detail, fix, savableMs, nodeId, evidence } of findings) {
    assert.ok(title !== '' && !title.includes('\n') && title.length < 140, title);
    assert.match(detail, /[.)]$/, ruleId);
    if (fix !== undefined) assert.match(fix, /[.);]$/, ruleId);
    assert.doesNotMatch(`${title}${detail}${fix ?? ''}`, /undefined|NaN|Infinity|\[object|null/, ruleId);
    assert.ok(Object.values(evidence).length > 0, ruleId);
    for (const [name, value] of Object.entries(evidence))
      assert.ok(typeof value === 'string' || !Number.isNaN(value), `${ruleId}: ${name}`);
    assert.ok((savableMs ?? 0) >= 0, `${ruleId} saves ${savableMs}`);
    if (total !== undefined)
      assert.ok((savableMs ?? 0) <= total * 1.001, `${ruleId} saves ${savableMs} of ${total}`);
    if (plan) assert.ok(nodeId === undefined || plan.nodes.some((node) => node.id === nodeId), ruleId);
  }
}

export const ruleIds: readonly string[] = rules.map((rule) => rule.id);

/** Findings as text for goldens: everything that a user reads, the evidence, and the clause of the statement. */
export function renderFindings(findings: readonly Finding[], sql?: string): string {
  return findings
    .map((finding) =>
      [
        `${finding.severity}  ${finding.ruleId}  node ${finding.nodeId ?? '-'}  saves ${finding.savableMs?.toFixed(2) ?? '-'} ms`,
        `  ${finding.title}`,
        `  ${finding.detail}`,
        ...(finding.fix === undefined ? [] : [`  → ${finding.fix}`]),
        ...(finding.sqlRange && sql !== undefined
          ? [`  in the statement: ${sql.slice(finding.sqlRange.start, finding.sqlRange.end)}`]
          : []),
        ...Object.entries(finding.evidence).map(([name, value]) => `    ${name}: ${value}`),
      ].join('\n'),
    )
    .join('\n\n');
}
