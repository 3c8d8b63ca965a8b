import { formatCount, formatMs } from '../../shared/format.ts';
import type { Trigger } from '../../shared/report.ts';
import type { RuleContext } from './rule.ts';
import { defineRule } from './rule.ts';
import { isSlowKeyAction, writeOf } from './triggers.ts';
import { shortName, textDetail } from './wording.ts';

/** Less is not what makes the statement slow. */
const shareOfTime = 0.1;
/** In a statement that is over at once, a tenth of it is no time either. */
const leastMs = 1;

/**
 * Triggers that take a good part of the time.
 * Why: a trigger FOR EACH ROW runs a function for each; foreign keys are triggers, too, and look each row up.
 * Threshold: a tenth of the execution, and a millisecond.
 * Trap: triggers that run BEFORE are inside the plan's time, those that run AFTER come on top; either is in the
 * execution time. Cascades without an index are named by foreign-key-unindexed.
 * Savable: the trigger's time.
 * Fix: a faster function; FOR EACH STATEMENT with transition tables, which only AFTER triggers have.
 */
export const triggerTime = defineRule({
  id: 'trigger-time',
  check: (context) =>
    context.plan.triggers.flatMap((trigger) => {
      const share = context.shareOf(trigger.ms) ?? 0;
      if (share < shareOfTime || trigger.ms < leastMs || isSlowKeyAction(trigger, context)) return [];
      const each = trigger.calls > 1 ? `, ${formatMs(trigger.ms / trigger.calls)} each` : '';
      const inside =
        trigger.runs === undefined
          ? ''
          : trigger.runs === 'inside the root'
            ? ' It ran before the rows were written.'
            : ' It ran after the rows were written.';
      return context.discover({
        node: writeOf(trigger, context),
        savableMs: trigger.ms,
        title: `${trigger.isConstraint === true ? 'Foreign key' : 'Trigger'} ${shortName(trigger.name)} takes ${formatMs(trigger.ms)}${context.shareText(trigger.ms)}`,
        detail: `It was called ${trigger.calls === 1 ? 'once' : `${formatCount(trigger.calls)} times`}${each}.${inside}`,
        evidence: {
          trigger: trigger.name,
          triggerMs: trigger.ms,
          calls: trigger.calls,
          relation: trigger.relation,
          shareLimit: shareOfTime,
        },
        fix: fixFor(trigger, context),
      });
    }),
});

/** Transition tables are for AFTER triggers; where the plan does not tell which it is, the fix says so. */
function fixFor(trigger: Trigger, context: RuleContext): string {
  const { isConstraint, runs } = trigger;
  if (isConstraint === true) return fixForKey(trigger, context);
  if (runs === 'inside the root') {
    return 'Make its function faster: profile the statements in it. What only fills in values may be a DEFAULT or a generated column instead.';
  }
  const atOnce = 'make it FOR EACH STATEMENT, with REFERENCING NEW TABLE for all rows at once';
  return runs === 'after the root'
    ? `${atOnce.charAt(0).toUpperCase()}${atOnce.slice(1)}, or make its function faster: profile the statements in it.`
    : `Make its function faster: profile the statements in it. If it is an AFTER trigger, ${atOnce}.`;
}

const lookedUp: Readonly<Record<string, string>> = {
  Insert: 'Each row',
  Update: 'Each changed key',
  Delete: 'Each deleted key',
};

function fixForKey(trigger: Trigger, context: RuleContext): string {
  const write = writeOf(trigger, context);
  const operation = write && textDetail(write, 'Operation');
  const loading = operation === 'Insert' ? '; load much data before the constraint is created' : '';
  return `${lookedUp[operation ?? ''] ?? 'Each row'} is looked up in the other table: see that the index there is not bloated${loading}.`;
}
