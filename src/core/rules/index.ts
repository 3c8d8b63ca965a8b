/** The list of all rules, and the ranking of what they find. */
import type { Finding, Plan } from '../../shared/report.ts';
import { aggregateSortsInside } from './aggregateSortsInside.ts';
import { bitmapAndOfIndexes } from './bitmapAndOfIndexes.ts';
import { bitmapLossy } from './bitmapLossy.ts';
import { blocksReadFromDisk } from './blocksReadFromDisk.ts';
import { citusRepartition } from './citusRepartition.ts';
import { citusSubplans } from './citusSubplans.ts';
import { citusTaskSkew } from './citusTaskSkew.ts';
import { correlatedColumns } from './correlatedColumns.ts';
import { correlatedSubplan } from './correlatedSubplan.ts';
import { cteInlinedRepeatedly } from './cteInlinedRepeatedly.ts';
import { cteMaterializedNeedlessly } from './cteMaterializedNeedlessly.ts';
import { dmlScansForFewRows } from './dmlScansForFewRows.ts';
import { filterOutsideIndex } from './filterOutsideIndex.ts';
import { type Found, foldPartitions, severityRank } from './foldPartitions.ts';
import { foreignKeyUnindexed } from './foreignKeyUnindexed.ts';
import { foreignScanFiltersLocally } from './foreignScanFiltersLocally.ts';
import { fullPageImages } from './fullPageImages.ts';
import { fullSortForLimit } from './fullSortForLimit.ts';
import { functionOnColumn } from './functionOnColumn.ts';
import { hashSpill } from './hashSpill.ts';
import { heapFetches } from './heapFetches.ts';
import { indexRecheckRemovesRows } from './indexRecheckRemovesRows.ts';
import { indexScanDiscardsRows } from './indexScanDiscardsRows.ts';
import { indexScanIsEfficient } from './indexScanIsEfficient.ts';
import { jitCostsTime } from './jitCostsTime.ts';
import { joinMultipliesRows } from './joinMultipliesRows.ts';
import { joinReadsWholeTable } from './joinReadsWholeTable.ts';
import { joinWithoutSelectiveCondition } from './joinWithoutSelectiveCondition.ts';
import { leadingWildcardLike } from './leadingWildcardLike.ts';
import { limitReadsAllRows } from './limitReadsAllRows.ts';
import { lowCacheHit } from './lowCacheHit.ts';
import { materializeSpill } from './materializeSpill.ts';
import { memoizeMisses } from './memoizeMisses.ts';
import { nestedLoopManyRows } from './nestedLoopManyRows.ts';
import { notInSubplan } from './notInSubplan.ts';
import { offsetPaging } from './offsetPaging.ts';
import { orAcrossColumns } from './orAcrossColumns.ts';
import { orderedIndexDiscardsRows } from './orderedIndexDiscardsRows.ts';
import { orInJoin } from './orInJoin.ts';
import { parallelismHarmful } from './parallelismHarmful.ts';
import { parallelismMissing } from './parallelismMissing.ts';
import { parallelSkew } from './parallelSkew.ts';
import { partitionsNotPruned } from './partitionsNotPruned.ts';
import { plannerMethodDisabled } from './plannerMethodDisabled.ts';
import { planningDearerThanExecution } from './planningDearerThanExecution.ts';
import { foldTaskFindings, remotePlansOf, remoteRuleIds } from './remoteFindings.ts';
import { repeatedWork } from './repeatedWork.ts';
import { rowMisestimate } from './rowMisestimate.ts';
import { rowsRemovedByFilter } from './rowsRemovedByFilter.ts';
import type { Discovery, Rule, RuleOptions } from './rule.ts';
import { RuleContext } from './rule.ts';
import { seqScanDiscardsRows } from './seqScanDiscardsRows.ts';
import { seqScanIsRight } from './seqScanIsRight.ts';
import { serializationTime } from './serializationTime.ts';
import { skipScanSearches } from './skipScanSearches.ts';
import { slowExecution } from './slowExecution.ts';
import { slowIo } from './slowIo.ts';
import { sortSpill } from './sortSpill.ts';
import { staleStatistics } from './staleStatistics.ts';
import { tableBloat } from './tableBloat.ts';
import { tempFiles } from './tempFiles.ts';
import { timeOutsidePlan } from './timeOutsidePlan.ts';
import { tooManyPartitions } from './tooManyPartitions.ts';
import { triggerTime } from './triggerTime.ts';
import { unindexedJoin } from './unindexedJoin.ts';
import { walVolume } from './walVolume.ts';
import { wideRows } from './wideRows.ts';
import { workersNotLaunched } from './workersNotLaunched.ts';

/** In the order in which findings of equal weight are shown: what is most specific first, all-clears last. */
export const rules: readonly Rule[] = [
  // How the statement asks.
  notInSubplan,
  correlatedSubplan,
  joinWithoutSelectiveCondition,
  orInJoin,
  joinMultipliesRows,
  offsetPaging,
  cteInlinedRepeatedly,
  cteMaterializedNeedlessly,
  repeatedWork,
  // How rows are found.
  unindexedJoin,
  joinReadsWholeTable,
  leadingWildcardLike,
  functionOnColumn,
  orAcrossColumns,
  dmlScansForFewRows,
  seqScanDiscardsRows,
  orderedIndexDiscardsRows,
  skipScanSearches,
  filterOutsideIndex,
  indexScanDiscardsRows,
  foreignScanFiltersLocally,
  rowsRemovedByFilter,
  indexRecheckRemovesRows,
  bitmapLossy,
  bitmapAndOfIndexes,
  heapFetches,
  partitionsNotPruned,
  tableBloat,
  // How they are joined, ordered and kept.
  nestedLoopManyRows,
  memoizeMisses,
  sortSpill,
  hashSpill,
  materializeSpill,
  aggregateSortsInside,
  tempFiles,
  fullSortForLimit,
  limitReadsAllRows,
  wideRows,
  // What the server gives.
  blocksReadFromDisk,
  lowCacheHit,
  slowIo,
  workersNotLaunched,
  parallelSkew,
  parallelismHarmful,
  parallelismMissing,
  jitCostsTime,
  citusRepartition,
  citusSubplans,
  citusTaskSkew,
  // What comes before, after and beside the plan.
  foreignKeyUnindexed,
  triggerTime,
  serializationTime,
  timeOutsidePlan,
  tooManyPartitions,
  planningDearerThanExecution,
  walVolume,
  fullPageImages,
  // What the planner believed.
  staleStatistics,
  correlatedColumns,
  rowMisestimate,
  plannerMethodDisabled,
  // The whole.
  slowExecution,
  // All-clears.
  seqScanIsRight,
  indexScanIsEfficient,
];

/** Those that look into remote plans, too. */
const remoteRules = rules.filter(({ id }) => remoteRuleIds.has(id));

/**
 * Everything that the rules find, the most savable time first. Severity follows from that time, so ordering by it
 * first only gives findings without one (a limit exceeded, a wrong estimate) their place among the others.
 */
export function findAll(plan: Plan, options: RuleOptions): readonly Finding[] {
  const context = new RuleContext(plan, options);
  return [...foldPartitions(withoutSuperseded(rules, context), context), ...findInTasks(plan, options)]
    .toSorted(({ finding: a }, { finding: b }) => {
      return severityRank[a.severity] - severityRank[b.severity] || (b.savableMs ?? 0) - (a.savableMs ?? 0);
    })
    .map(({ finding, clause }) => {
      const sqlRange = clause && context.clauses && clause(context.clauses);
      return sqlRange === undefined ? finding : { ...finding, sqlRange };
    });
}

function findInTasks(plan: Plan, options: RuleOptions): readonly Found[] {
  const found = remotePlansOf(plan).flatMap(({ plan: task, root }) => {
    const context = new RuleContext(task, options, 'the task’s time');
    return foldPartitions(withoutSuperseded(remoteRules, context), context).map((one) => ({
      found: one,
      node: context.nodeOf(one.finding.nodeId ?? ''),
      root,
    }));
  });
  return foldTaskFindings(found);
}

/** Where two rules speak of the same cause, the more specific one wins. */
function withoutSuperseded(asked: readonly Rule[], context: RuleContext): readonly Found[] {
  const discoveries = discover(asked, context);
  const place = (ruleId: string, nodeId: string | undefined) => `${ruleId} ${nodeId ?? ''}`;
  const superseded = new Set(
    discoveries.flatMap(({ rule: { supersedes = [] }, discovery: { finding, covers } }) =>
      supersedes.flatMap((id) => [finding.nodeId, ...covers].map((nodeId) => place(id, nodeId))),
    ),
  );
  return discoveries
    .filter(({ rule, discovery }) => !superseded.has(place(rule.id, discovery.finding.nodeId)))
    .map(({ rule, discovery: { finding, clause } }) => ({
      finding: { ruleId: rule.id, ...finding },
      clause,
    }));
}

interface RuleDiscovery {
  readonly rule: Rule;
  readonly discovery: Discovery;
}

/** In the order of the list, whatever the order in which they were found. */
function discover(asked: readonly Rule[], context: RuleContext): readonly RuleDiscovery[] {
  const found = asked.map((rule) => [...(rule.checkPlan?.(context) ?? [])]);
  const places = new Map<string, readonly number[]>();
  for (const node of context.nodes) {
    let ofType = places.get(node.type);
    if (ofType === undefined) {
      ofType = placesOfRulesFor(asked, node.type);
      places.set(node.type, ofType);
    }
    for (const place of ofType) {
      const result = asked[place]!.checkNode!(node, context);
      if ('finding' in result) found[place]!.push(result);
      else if (result.length > 0) found[place]!.push(...result);
    }
  }
  return asked.flatMap((rule, place) => found[place]!.map((discovery) => ({ rule, discovery })));
}

/** Where in the list the rules stand that are asked of nodes of this type. */
function placesOfRulesFor(asked: readonly Rule[], type: string): readonly number[] {
  return asked.flatMap(({ checkNode, types = [] }, place) =>
    checkNode !== undefined && (types === 'all' || types.includes(type)) ? [place] : [],
  );
}
