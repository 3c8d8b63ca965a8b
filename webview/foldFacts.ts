/** What is said of like steps that are shown as one. Pure. */
import { formatCount, formatMs, formatPercent } from '../src/shared/format.ts';
import { measuredMs } from '../src/shared/verdict.ts';
import type { Fact } from './nodeFacts.ts';
import { selfOf, type Fold, type PlanModel, type PlanRow } from './planModel.ts';
import type { PlanNode } from '../src/shared/report.ts';

/** As many as one looks into. */
const dearestCount = 5;

export function foldFacts({ node, fold }: PlanRow, { plan, byId }: PlanModel): readonly Fact[] {
  const facts: Fact[] = [{ name: 'Steps', value: fold?.words.join(' · ') ?? '' }];
  const add = (name: string, value: string | undefined, title = 'of these steps, added up') => {
    if (value !== undefined) facts.push({ name, value, title });
  };
  const wholeMs = measuredMs(plan) ?? 0;
  const isElsewhere = node.distributed !== undefined;
  const share =
    node.selfMs !== undefined && wholeMs > 0 && !isElsewhere
      ? ` (${formatPercent(node.selfMs / wholeMs)})`
      : '';
  add('Self time', node.selfMs === undefined ? undefined : `${formatMs(node.selfMs)}${share}`);
  add(
    'Total time',
    node.totalMs === undefined ? undefined : formatMs(node.totalMs),
    'with everything below them',
  );
  if (isElsewhere)
    add('Each took', spanOf(fold, byId), 'with everything below, by the clock of its own server');
  add('Rows', node.rows === undefined ? undefined : formatCount(node.rows));
  add('Removed', node.rowsRemoved === undefined ? undefined : `${formatCount(node.rowsRemoved)} rows`);
  add('Loops', node.loops === undefined ? undefined : formatCount(node.loops));
  return facts;
}

/** "3.20 ms … 14.10 ms": the least and the most that one of them took. */
function spanOf(fold: Fold | undefined, byId: PlanModel['byId']): string | undefined {
  const times = (fold?.memberIds ?? []).flatMap((id) => byId.get(id)?.node.totalMs ?? []);
  return times.length === 0 ? undefined : `${formatMs(Math.min(...times))} … ${formatMs(Math.max(...times))}`;
}

/** The members with the largest part of the metric, largest first. */
export function dearestMembers({ memberIds }: Fold, model: PlanModel): readonly PlanNode[] {
  return memberIds
    .map((id) => model.byId.get(id)?.node)
    .filter((node) => node !== undefined && (selfOf(node, model) ?? 0) > 0)
    .map((node) => node!)
    .toSorted((one, other) => (selfOf(other, model) ?? 0) - (selfOf(one, model) ?? 0))
    .slice(0, dearestCount);
}
