/** Triggers, as rules tell them apart. */
import type { PlanNode, Trigger } from '../../shared/report.ts';
import type { RuleContext } from './rule.ts';
import { textDetail } from './wording.ts';

/** A look-up by an index takes some 10 to 50 µs; a millisecond is a table that is searched. */
export const slowCallMs = 1;
/** Less in all is not noticed. */
export const slowMs = 10;
/** How PostgreSQL names the triggers on the table that a foreign key points to; those on the other end are "…_c_". */
const actionPrefix = 'RI_ConstraintTrigger_a_';

/** The action of a foreign key that takes as long as a search without an index. */
export function isSlowKeyAction(trigger: Trigger, context: RuleContext): boolean {
  const { ms, calls } = trigger;
  return calls > 0 && ms >= slowMs && ms / calls >= slowCallMs && isKeyAction(trigger, context);
}

/**
 * TEXT without VERBOSE names the constraint only. What an INSERT fires is then the look-up of the key that is pointed
 * to, which has an index; rows that are deleted or changed are the ones that others may point to.
 */
function isKeyAction(trigger: Trigger, context: RuleContext): boolean {
  const name = trigger.details?.['Trigger Name'];
  if (typeof name === 'string') return name.startsWith(actionPrefix);
  if (trigger.isConstraint !== true) return false;
  const write = writeOf(trigger, context);
  return write !== undefined && textDetail(write, 'Operation') !== 'Insert';
}

/** The node whose writing fires it. */
export function writeOf(trigger: Trigger, context: RuleContext): PlanNode | undefined {
  const writes = context.ofType('ModifyTable');
  return writes.find(({ relation }) => relation === trigger.relation) ?? writes[0];
}
