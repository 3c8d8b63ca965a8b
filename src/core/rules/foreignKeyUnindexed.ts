import { formatCounted, formatMs } from '../../shared/format.ts';
import { defineRule } from './rule.ts';
import { isSlowKeyAction, slowCallMs, slowMs, writeOf } from './triggers.ts';
import { shortName } from './wording.ts';

/**
 * Deleting or changing rows that others refer to, while the referring column has no index.
 * Why: for each row PostgreSQL looks for those that refer to it; it indexes the key itself, never what points to it.
 * Threshold: 1 ms for each row, and 10 ms in all.
 * Trap: an ON DELETE CASCADE that deletes many rows for each takes its time with an index, too; inserting looks up the
 * key itself, which has one. Plain TEXT does not name the trigger, so there the kind of statement tells which it was.
 * Savable: the trigger's time.
 * Fix: an index on the referring columns.
 */
export const foreignKeyUnindexed = defineRule({
  id: 'foreign-key-unindexed',
  check: (context) =>
    context.plan.triggers
      .filter((trigger) => isSlowKeyAction(trigger, context))
      .map((trigger) =>
        context.discover({
          node: writeOf(trigger, context),
          savableMs: Math.min(trigger.ms, context.totalMs ?? trigger.ms),
          title: `Foreign key ${shortName(trigger.name)} takes ${formatMs(trigger.ms / trigger.calls)} for each row`,
          detail: `For ${formatCounted(trigger.calls, 'row')} the rows that refer to ${trigger.calls === 1 ? 'it' : 'them'} were looked for, in ${formatMs(trigger.ms)}${context.shareText(trigger.ms)}: that is how long a table without an index on them is searched.`,
          evidence: {
            constraint: trigger.name,
            triggerMs: trigger.ms,
            calls: trigger.calls,
            msPerCall: trigger.ms / trigger.calls,
            msPerCallLimit: slowCallMs,
            msLimit: slowMs,
          },
          fix: `Create an index on the columns of the constraint ${shortName(trigger.name)}, in the table that has it.`,
        }),
      ),
});
