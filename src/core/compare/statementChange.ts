/** Whether both plans are of one statement, as far as the reports tell. */
import type { PlanComparison } from '../../shared/comparison.ts';
import type { ProfileReport } from '../../shared/report.ts';
import type { Contrast, Side } from './contrast.ts';
import { sourceOf, unsharded } from './planSide.ts';
import { tellWhole, type Told } from './telling.ts';

type Sameness = PlanComparison['statement'];

/**
 * Equal query ids mean one statement, whatever its values. Different ones mean nothing by themselves: the same
 * statement has another id in another database.
 */
export function statementSameness({ before, after }: Contrast): Sameness {
  const [one, other] = [before.report, after.report];
  const [idBefore, idAfter] = [one.plan.queryId, other.plan.queryId];
  if (idBefore !== undefined && idBefore === idAfter) return 'same';
  if (one.sql !== undefined && other.sql !== undefined) {
    return textOf(one) === textOf(other) ? 'same' : 'different';
  }
  return readNothingInCommon(before, after) ? 'different' : 'unknown';
}

function textOf({ sql = '' }: ProfileReport): string {
  return sql
    .replaceAll(/\s+/g, ' ')
    .replace(/[ ;]+$/, '')
    .trim();
}

function readNothingInCommon(before: Side, after: Side): boolean {
  if (before.isCut || after.isCut) return false;
  const [one, other] = [sourcesOf(before), sourcesOf(after)];
  return one.size > 0 && other.size > 0 && [...one].every((name) => !other.has(name));
}

function sourcesOf({ nodes }: Side): ReadonlySet<string> {
  return new Set(nodes.flatMap((node) => unsharded(sourceOf(node), node) ?? []));
}

export function statementChange(contrast: Contrast): readonly Told[] {
  const sameness = statementSameness(contrast);
  const { queryId: idBefore } = contrast.before.plan;
  const { queryId: idAfter } = contrast.after.plan;
  if (sameness === 'different') {
    const title = readNothingInCommon(contrast.before, contrast.after)
      ? 'these are two different statements, which have no table in common'
      : 'these are two different statements';
    return [tellWhole({ kind: 'statement', weight: 'major', effect: 'neither', title })];
  }
  if (sameness === 'same' || idBefore === undefined || idAfter === undefined) return [];
  // It is printed last, and may be cut in its middle.
  if (contrast.before.isCut || contrast.after.isCut) return [];
  const title = 'the query ids differ: two statements, or one in two databases';
  return [tellWhole({ kind: 'statement', weight: 'note', effect: 'neither', title })];
}
