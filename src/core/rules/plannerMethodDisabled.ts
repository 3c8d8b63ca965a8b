import { defineRule } from './rule.ts';
import { list } from './wording.ts';

/** Settings that forbid a method; those of features that are off by default (enable_partitionwise_…) are none. */
const prefix = 'enable_';

/**
 * The planner was forbidden a method by a setting: enable_seqscan = off and the like.
 * Why: such settings are for experiments; forgotten in a session, a role or a database they make plans worse for all.
 * Threshold: any that is off.
 * Trap: shown only with EXPLAIN (SETTINGS), from PostgreSQL 12 on.
 * Savable: not said.
 * Fix: RESET it, and find where it is set.
 */
export const plannerMethodDisabled = defineRule({
  id: 'planner-method-disabled',
  check: (context) => {
    const off = Object.entries(context.plan.settings).flatMap(([name, value]) =>
      name.startsWith(prefix) && value === 'off' ? name : [],
    );
    if (off.length === 0) return [];
    return [
      context.discover({
        severity: 'info',
        title: `Planner is not free to choose: ${list(off)} ${off.length === 1 ? 'is' : 'are'} off`,
        detail: 'The plan was made without methods that it might have been best with.',
        evidence: { settingsOff: off.join(', ') },
        fix: `Run ${off.map((name) => `RESET ${name};`).join(' ')} and profile again. If ${off.length === 1 ? 'it is' : 'they are'} off in a new session too, pg_db_role_setting tells where that comes from.`,
      }),
    ];
  },
});
