/**
 * Sequential scans that throw most of what they read away, seen from their condition: what the rules on conditions
 * that no plain index serves have in common.
 */
import { formatPercent } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import type { Condition } from './condition.ts';
import { isServable } from './condition.ts';
import { savableByIndex } from './indexGain.ts';
import { type IndexRemedy, indexRemedyFor } from './indexRemedy.ts';
import type { RuleContext } from './rule.ts';
import { aboutRows } from './wording.ts';

/** Where a table is read whole for less than a fifth of it, an index may win; from there on, reading in order does. */
export const discardedShare = 0.8;
/** A table of a few pages is read faster than an index is descended. */
export const discardedRows = 1000;
/** Of a plan that was not executed nothing is known but costs: scans below a tenth of them are not worth a word. */
const plannedShare = 0.1;

export interface DiscardingScan {
  readonly node: PlanNode;
  readonly condition: Condition;
  /** The part of the scan's own time that an index could spare. */
  readonly savableMs: number | undefined;
  /** Rows; undefined where the plan was not executed. */
  readonly discards: number | undefined;
  readonly reads: number | undefined;
}

/** Those of which no test could be served by a plain index: where one could, it is the remedy. */
export function unservedScans(context: RuleContext): readonly DiscardingScan[] {
  if (!context.hasParser) return [];
  return context.ofType('Seq Scan').flatMap((node) => {
    const found = weigh(node, context);
    const condition = found && context.conditionOf(node, 'Filter');
    return found === undefined || condition === undefined || condition.some(isServable)
      ? []
      : [{ ...found, condition }];
  });
}

function weigh(node: PlanNode, context: RuleContext): Omit<DiscardingScan, 'condition'> | undefined {
  if (!context.plan.analyzed) {
    const worthAWord = context.ownShareOf(node) >= plannedShare;
    return worthAWord ? { node, savableMs: undefined, discards: undefined, reads: undefined } : undefined;
  }
  const discarded = discardedBy(node, context);
  return (
    discarded && {
      node,
      savableMs: discarded.savableMs,
      discards: discarded.removed,
      reads: discarded.read,
    }
  );
}

export interface DiscardedRows {
  readonly removed: number;
  readonly kept: number;
  readonly read: number;
  /** The part of the scan's own time that an index could spare; undefined, too, where none can. */
  readonly savableMs: number | undefined;
  readonly remedy: IndexRemedy;
}

/**
 * What a sequential scan's filter discards, if that is most of what it reads and an index could be faster: one for
 * rows that are on nearly every page is not.
 */
export function discardedBy(node: PlanNode, context: RuleContext): DiscardedRows | undefined {
  const removed = node.rowsRemoved ?? 0;
  const kept = node.rows ?? 0;
  const read = removed + kept;
  if (removed < discardedRows || removed / read <= discardedShare) return undefined;
  const condition = context.conditionOf(node, 'Filter');
  const savableMs = savableByIndex(node, condition);
  const isInVain = savableMs === 0 && (node.selfMs ?? 0) > 0;
  if (isInVain) return undefined;
  const remedy = indexRemedyFor(condition, node);
  return { removed, kept, read, savableMs: remedy.helps ? savableMs : undefined, remedy };
}

/** " All 40,000 rows of it were read to keep 0.7 % of them."; nothing where the plan was not executed. */
export function readInVain({ node, discards, reads }: DiscardingScan): string {
  if (discards === undefined || reads === undefined) return '';
  const kept = discards === reads ? 'none' : formatPercent((reads - discards) / reads);
  return ` All ${aboutRows(node, reads)} were read to keep ${kept} of them.`;
}
