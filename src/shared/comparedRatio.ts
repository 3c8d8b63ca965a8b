/** Which figures of a comparison may be divided by one another. */
import type { FigureName, PlanComparison } from './comparison.ts';
import { coveringRuns } from './runSpread.ts';

/** Not of two statements, and not times whose difference is within the spread of their runs. */
export function hasRatio(comparison: PlanComparison, name: FigureName): boolean {
  if (comparison.statement === 'different') return false;
  return name !== 'execution' || coveringRuns(comparison.before, comparison.after) === undefined;
}
