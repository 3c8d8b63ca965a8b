/**
 * How fast plans are read: `npm run bench -- plan`. Prints each figure beside its bar and exits 1 when one is missed.
 * The pipeline is what a host does with a text: parse, compute, find.
 */
import { readPlans } from '../../src/core/plan/readPlans.ts';
import { findAll } from '../../src/core/rules/index.ts';
import { renderTextPlan } from '../../src/core/plan/renderTextPlan.ts';
import { createBars } from '../support/bars.ts';
import { generateDeepPlan, generatePlan, type RawNode } from './generatedPlan.ts';

const slaMs = 1000;

function pipeline(text: string): number {
  const { plans, problems } = readPlans(text);
  const [plan] = plans;
  if (!plan || problems.some((problem) => !problem.code.endsWith('-do-not-add-up')))
    throw new Error('The plan was not read.');
  findAll(plan, { slaMs });
  return plan.nodes.length;
}

/**
 * Milliseconds of processor time, of the fastest of several runs of each, taken in turns: on a shared machine the clock
 * would measure the others' work too, and more of it in long runs than in short ones. Young
 * garbage is collected before each, so that none pays for that of another (a full collection would forget compiled code).
 */
function fastest(runs: number, ...tasks: readonly (() => unknown)[]): readonly number[] {
  const times = tasks.map(() => Number.POSITIVE_INFINITY);
  for (let run = 0; run < runs; run++) {
    for (const [index, task] of tasks.entries()) {
      collectGarbage('minor');
      const start = process.cpuUsage();
      task();
      const { user, system } = process.cpuUsage(start);
      times[index] = Math.min(times[index]!, (user + system) / 1000);
    }
  }
  return times;
}

function collectGarbage(type: 'minor' | 'major'): void {
  const { gc } = globalThis as { gc?: (options: { type: string }) => void };
  if (!gc) throw new Error('Run with --expose-gc, as `npm run bench` does.');
  gc({ type });
}

const bars = createBars();

/** As the server prints it. */
const jsonOf = (plan: RawNode) => JSON.stringify([plan], null, 2);
const ms = (value: number) => `${value.toFixed(1)} ms`;

const mixed = generatePlan(10_000);
const json = jsonOf(mixed);
const compact = JSON.stringify([mixed]);
const text = renderTextPlan(mixed);
const nodes = pipeline(json);
const size = (input: string) => `${(input.length / 1e6).toFixed(1)} MB`;
console.log(
  `${nodes} nodes: ${size(json)} of JSON, ${size(compact)} without its spaces, ${size(text)} of TEXT`,
);

const [parseMs, jsonMs] = fastest(
  21,
  () => JSON.parse(json) as unknown,
  () => pipeline(json),
) as [number, number];
bars.atMost(
  'JSON, parse + compute + find ÷ JSON.parse',
  jsonMs / parseMs,
  8,
  '×',
  `${ms(jsonMs)} ÷ ${ms(parseMs)}`,
);
const [compactParseMs, compactMs] = fastest(
  21,
  () => JSON.parse(compact) as unknown,
  () => pipeline(compact),
) as [number, number];
bars.atMost(
  'the same without spaces',
  compactMs / compactParseMs,
  8,
  '×',
  `${ms(compactMs)} ÷ ${ms(compactParseMs)}`,
);
const [textMs] = fastest(11, () => pipeline(text)) as [number];
bars.atMost('TEXT ÷ JSON', textMs / jsonMs, 3, '×', `${ms(textMs)} ÷ ${ms(jsonMs)}`);

for (const [format, render] of [
  ['JSON', jsonOf],
  ['TEXT', renderTextPlan],
] as const) {
  const middle = render(generatePlan(10_000));
  reportGrowth(`${format}, 10,000 nodes ÷ 1,000`, 9, render(generatePlan(1000)), middle);
  // Made only now: its 240 MB would have the collector walk during the pair before.
  reportGrowth(`${format}, 100,000 nodes ÷ 10,000`, 3, middle, render(generatePlan(100_000)));
}

/**
 * What ten times the nodes cost. The small plan is read ten times over, so that both sides handle as many nodes and each
 * pays for its own garbage: a single small plan leaves less than fills the young generation, and another pays for it.
 * The note tells the factor of single runs, too.
 */
function reportGrowth(name: string, runs: number, small: string, large: string): void {
  collectGarbage('major');
  const tenfold = () => {
    for (let times = 0; times < 10; times++) pipeline(small);
  };
  const [tenMs, singleMs, largeMs] = fastest(
    runs,
    tenfold,
    () => pipeline(small),
    () => pipeline(large),
  ) as [number, number, number];
  const single = `(${(largeMs / singleMs).toFixed(2)} × a single one)`;
  bars.atMost(name, (10 * largeMs) / tenMs, 13, '×', `${ms(largeMs)} ÷ ${ms(tenMs / 10)} ${single}`);
}

const deep = generateDeepPlan(400);
const [deepJson, deepText] = [jsonOf(deep), renderTextPlan(deep)];
const [deepJsonMs, deepTextMs] = fastest(
  3,
  () => pipeline(deepJson),
  () => pipeline(deepText),
) as [number, number];
bars.atMost('400 levels, pretty-printed JSON', deepJsonMs, 1000, 'ms', size(deepJson));
bars.atMost('400 levels, TEXT', deepTextMs, 1000, 'ms', size(deepText));

reportMemory('JSON', json);
reportMemory('TEXT', text);

/** What the result keeps and what the pipeline took on the way, as far as the collector did not run in between. */
function reportMemory(format: string, input: string): void {
  const before = settledHeapBytes();
  const kept = readPlans(input).plans.map((plan) => [plan, findAll(plan, { slaMs })]);
  const peak = process.memoryUsage().heapUsed;
  const after = settledHeapBytes();
  if (after <= before) throw new Error('The heap shrank while a plan was read: nothing was measured.');
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  bars.atMost(
    `${format}, memory kept ÷ input`,
    (after - before) / input.length,
    10,
    '×',
    `${megabytes(after - before)}, ${megabytes(peak - before)} before collection; ${kept.length} plan`,
  );
}

/** One collection leaves what only weak references of other garbage hold: collected until nothing more goes. */
function settledHeapBytes(): number {
  for (let known = Infinity; ;) {
    collectGarbage('major');
    const { heapUsed } = process.memoryUsage();
    if (heapUsed > known * 0.999) return heapUsed;
    known = heapUsed;
  }
}

process.exitCode = bars.missed() > 0 ? 1 : 0;
