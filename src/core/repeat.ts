/** One statement run several times, so that a single lucky or unlucky run does not stand for it. */
import { formatCounted } from '../shared/format.ts';
import { isUserError } from './errors.ts';
import type { ColdRuns, Plan, Problem, RunTimes } from '../shared/report.ts';
import { readPlans } from './plan/readPlans.ts';
import type { EvictionRequest, ExplainOutcome, ExplainRequest, Server } from './ports.ts';

export interface RepeatOptions {
  readonly runs: number;
  /** As many cold runs after them. */
  readonly cold: boolean;
  readonly onProgress: (message: string) => void;
}

/** What the runs gave together. */
export interface Repeated {
  /** The plan of the warm run with the median time, as the server wrote it. */
  readonly planText: string;
  readonly times: RunTimes;
  readonly problems: readonly Problem[];
}

type Repeatable = Omit<ExplainRequest, 'needsConsent' | 'confirm'>;

/**
 * The further runs, after the first; the yes to that one was a yes to reading. Undefined when there is nothing to repeat.
 * @throws UserError
 */
export async function repeat(
  server: Server,
  request: Repeatable,
  first: ExplainOutcome,
  { runs, cold, onProgress }: RepeatOptions,
): Promise<Repeated | undefined> {
  if (runs <= 1 || !mayRepeat(first)) return undefined;
  const again = async (message: string) => {
    onProgress(message);
    return timedRun((await server.explain({ ...request, needsConsent: () => false })).planText);
  };
  const warm = [timedRun(first.planText)];
  while (warm.length < runs) warm.push(await again(`Run ${warm.length + 1} of ${runs}`));
  const { median, times } = medianRun(warm) ?? {};
  if (median === undefined || times === undefined) return undefined;
  const { planText } = median;
  if (!cold) return { planText, times, problems: [] };

  const pages = { ...pagesOf(median.plan), timeoutMs: request.timeoutMs, cancel: request.cancel };
  const chilled: (TimedRun | undefined)[] = [];
  const problems: Problem[] = [];
  let keptBlocks = 0;
  try {
    while (chilled.length < runs) {
      const evicted = await server.evict(pages);
      if (evicted.relations === 0) return { planText, times, problems: [nothingToEvict] };
      keptBlocks = Math.max(keptBlocks, evicted.keptBlocks);
      chilled.push(await again(`Cold run ${chilled.length + 1} of ${runs}`));
    }
  } catch (error) {
    // A cold run is the slower one: the warm ones before it are not lost with it.
    if (!isUserError(error, 'timeout')) throw error;
    problems.push(cutShort(chilled.length, runs, error.message));
  }
  if (keptBlocks > 0) problems.push(keptProblem(keptBlocks));
  const coldRuns = coldTimes(chilled);
  return { planText, times: { ...times, ...(coldRuns && { cold: coldRuns }) }, problems };
}

/** What writes, or does what no rollback undoes, is run once. */
export function mayRepeat({ analyzed, preflight }: ExplainOutcome): boolean {
  return analyzed && preflight.access === 'read' && preflight.notUndone.length === 0;
}

const nothingToEvict: Problem = {
  code: 'no-cold-runs',
  message: 'There were no cold runs: the plan reads no table that shared buffers hold.',
};

const cutShort = (done: number, wanted: number, why: string): Problem => ({
  code: 'cold-runs-cut-short',
  message: `There were ${done} of ${wanted} cold runs: ${why}`,
});

const keptProblem = (blocks: number): Problem => ({
  code: 'cold-runs-not-empty',
  message: `Up to ${formatCounted(blocks, 'block')} of the plan’s tables ${blocks === 1 ? 'was' : 'were'} in use by other sessions and stayed in shared buffers: the cold runs were not wholly cold.`,
});

interface TimedRun {
  readonly planText: string;
  readonly plan: Plan;
  readonly ms: number;
}

/** Undefined for a plan without an execution time. */
function timedRun(planText: string): TimedRun | undefined {
  const plan = readPlans(planText).plans[0];
  const ms = plan?.executionMs;
  return plan === undefined || ms === undefined ? undefined : { planText, plan, ms };
}

/** The run with the median time, and the times of all; undefined for none. */
function medianRun(
  all: readonly (TimedRun | undefined)[],
): { readonly median: TimedRun; readonly times: RunTimes } | undefined {
  const runs = all.filter((run) => run !== undefined);
  const sorted = runs.toSorted((a, b) => a.ms - b.ms);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  const [fastest] = sorted;
  const slowest = sorted.at(-1);
  if (!median || !fastest || !slowest) return undefined;
  return {
    median,
    times: { ms: runs.map(({ ms }) => ms), medianMs: median.ms, minMs: fastest.ms, maxMs: slowest.ms },
  };
}

function coldTimes(runs: readonly (TimedRun | undefined)[]): ColdRuns | undefined {
  const middle = medianRun(runs);
  const readBlocks = middle?.median.plan.nodes[0]?.buffers?.sharedRead;
  return middle && { ...middle.times, ...(readBlocks !== undefined && { readBlocks }) };
}

/** The tables and indexes that the plan itself reads; what functions of the statement read is not in it. */
function pagesOf({ nodes }: Plan): Pick<EvictionRequest, 'tables' | 'indexes'> {
  const local = nodes.filter(({ distributed }) => distributed === undefined);
  return {
    tables: local.flatMap(({ schema, relation }) =>
      relation === undefined ? [] : [{ name: relation, ...(schema !== undefined && { schema }) }],
    ),
    indexes: local.flatMap(({ index }) => (index === undefined ? [] : [index])),
  };
}
