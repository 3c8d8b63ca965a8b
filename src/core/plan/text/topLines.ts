/** Lines beside the tree: times, planning, settings, triggers. */
import type { RawDraft } from '../rawBuilder.ts';
import { listAt } from './drafts.ts';
import { quantityOf } from './numbers.ts';

/** What EXPLAIN prints below a tree, in the spellings of its versions. */
export const timesBelow: readonly string[] = [
  'Planning Time',
  'Planning time',
  'Execution Time',
  'Execution time',
  'Total runtime',
];

/** Keys that stand beside a tree, never at a node. */
const topKeys: ReadonlySet<string> = new Set([
  ...timesBelow,
  'Planning',
  'JIT',
  'Settings',
  'Query Identifier',
  'Query Text',
  'Query Parameters',
  'Serialization',
]);

export function isTopKey(key: string): boolean {
  return topKeys.has(key);
}

/** What auto_explain prints above the tree. */
export function isHeaderKey(key: string): boolean {
  return key === 'Query Text' || key === 'Query Parameters';
}

/**
 * "Trigger name for constraint c on t: time=1.234 calls=5": names are printed bare, so the words around them are
 * searched for from the end. Returns false for anything else.
 */
export function readTrigger(top: RawDraft, body: string): boolean {
  const measuresAt = Math.max(body.lastIndexOf(': time='), body.lastIndexOf(': calls='));
  if (!body.startsWith('Trigger ') || measuresAt < 0) return false;
  const trigger: RawDraft = {};
  const onAt = body.lastIndexOf(' on ', measuresAt);
  const nameEnd = onAt < 0 ? measuresAt : onAt;
  const constraintAt = body.indexOf(' for constraint ');
  const isConstraint = constraintAt >= 0 && constraintAt < nameEnd;
  const nameStart = 'Trigger '.length;
  const triggerEnd = isConstraint ? constraintAt : nameEnd;
  if (triggerEnd >= nameStart) trigger['Trigger Name'] = body.slice(nameStart, triggerEnd);
  if (isConstraint)
    trigger['Constraint Name'] = body.slice(constraintAt + ' for constraint '.length, nameEnd);
  if (onAt >= 0) trigger['Relation'] = body.slice(onAt + ' on '.length, measuresAt);
  for (const word of body.slice(measuresAt + 2).split(' ')) {
    const equals = word.indexOf('=');
    if (word.startsWith('time=')) trigger['Time'] = quantityOf(word.slice(equals + 1));
    else if (word.startsWith('calls=')) trigger['Calls'] = quantityOf(word.slice(equals + 1));
  }
  listAt(top, 'Triggers').push(trigger);
  return true;
}
