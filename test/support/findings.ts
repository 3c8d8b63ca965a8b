/** One check for all rules: which of a rule's findings a plan gives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAll } from '../../src/core/rules/index.ts';
import type { Finding, Plan } from '../../src/shared/report.ts';
import { planOfRaw } from './plans.ts';

/** The limit of tests that are not about it. */
const slaMs = 1000;

export function findingsOf(plan: Plan, ruleId: string): readonly Finding[] {
  return findAll(plan, { slaMs }).filter((finding) => finding.ruleId === ruleId);
}

type Raw = Readonly<Record<string, unknown>>;

/** How often the rule fires on a hand-written plan, whose execution takes as long as its root. */
export function checkRule(ruleId: string, what: string, root: Raw, expected: number): void {
  test(`${ruleId}: ${what}`, () => {
    const plan = planOfRaw(root);
    assert.equal(findingsOf(plan, ruleId).length, expected);
  });
}

/** Findings as text for goldens: everything that a user reads, and the evidence. */
export function renderFindings(findings: readonly Finding[]): string {
  return findings
    .map((finding) =>
      [
        `${finding.severity}  ${finding.ruleId}  node ${finding.nodeId ?? '-'}  saves ${finding.savableMs?.toFixed(2) ?? '-'} ms`,
        `  ${finding.title}`,
        `  ${finding.detail}`,
        `  → ${finding.fix ?? ''}`,
        ...Object.entries(finding.evidence).map(([name, value]) => `    ${name}: ${value}`),
      ].join('\n'),
    )
    .join('\n\n');
}
