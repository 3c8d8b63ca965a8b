/** Where a jump through the plan leads: the dearest step, the next finding, the next match. Pure. */
import type { Finding } from '../src/shared/report.ts';
import { selfOf, type PlanModel } from './planModel.ts';
import { placeOf } from './search.ts';

/** The node with the largest part of the metric; undefined where nothing was measured. */
export function dearestNode(model: PlanModel): string | undefined {
  let dearest: { readonly id: string; readonly self: number } | undefined;
  for (const { node } of model.rows) {
    const self = selfOf(node, model);
    if (self !== undefined && (dearest === undefined || self > dearest.self)) dearest = { id: node.id, self };
  }
  return dearest?.id;
}

/** The nodes that findings speak of, in the order of the plan. */
export function foundNodes(model: PlanModel, findings: readonly Finding[]): readonly string[] {
  const ids = findings.map(({ nodeId }) => nodeId).filter((id) => id !== undefined && model.byId.has(id));
  return [...new Set(ids as readonly string[])].toSorted(
    (one, other) => placeOf(model, one) - placeOf(model, other),
  );
}

/** The one of these nodes, in the order of the plan, that comes after the selected one or before it, and around. */
export function stepAmong(
  model: PlanModel,
  ids: readonly string[],
  fromId: string,
  step: 1 | -1,
): string | undefined {
  const known = ids.indexOf(fromId);
  if (known >= 0) return ids[(known + step + ids.length) % ids.length];
  const from = placeOf(model, fromId);
  const after = ids.findIndex((id) => placeOf(model, id) >= from);
  const behind = after < 0 ? ids.length : after;
  return step === 1 ? ids[behind % ids.length] : ids.at(behind - 1);
}
