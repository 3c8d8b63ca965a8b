/** Triggers, as rules tell them apart. */
import type { PlanNode, Trigger } from '../../shared/report.ts';
import type { RuleContext } from './rule.ts';

/** A look-up by an index takes some 10 to 50 µs; a millisecond is a table that is searched. */
export const slowCallMs = 1;
/** Less in all is not noticed. */
export const slowMs = 10;
/** How PostgreSQL names the triggers on the table that a foreign key points to; those on the other end are "…_c_". */
const actionPrefix = 'RI_ConstraintTrigger_a_';

/** The action of a foreign key that takes as long as a search without an index. */
export function isSlowKeyAction({ details, ms, calls }: Trigger): boolean {
  const name = details?.['Trigger Name'];
  const isAction = typeof name === 'string' && name.startsWith(actionPrefix);
  return isAction && calls > 0 && ms >= slowMs && ms / calls >= slowCallMs;
}

/** The node whose writing fires it. */
export function writeOf(trigger: Trigger, context: RuleContext): PlanNode | undefined {
  const writes = context.ofType('ModifyTable');
  return writes.find(({ relation }) => relation === trigger.relation) ?? writes[0];
}
