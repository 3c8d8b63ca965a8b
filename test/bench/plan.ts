/**
 * How fast plans are read: `npm run bench -- plan`. Prints each figure beside its bar and exits 1 when one is missed.
 * The pipeline is what a host does with a text: parse, compute, find.
 */
import { readPlans } from '../../src/core/plan/readPlans.ts';
import { findAll } from '../../src/core/rules/index.ts';
import { renderTextPlan } from '../support/renderTextPlan.ts';
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

/** The median of several runs: the machine is shared, and the first runs are not compiled yet. */
function milliseconds(run: () => unknown, runs = 7): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(runs / 2)]!;
}

let missed = 0;

function report(name: string, value: number, bar: number, unit: string, note = ''): void {
  const isMet = value <= bar;
  if (!isMet) missed++;
  console.log(
    `${isMet ? 'ok    ' : 'MISSED'}  ${name.padEnd(46)} ${value.toFixed(2).padStart(9)} ${unit} (bar ${bar})${note && `  ${note}`}`,
  );
}

/** As the server prints it. */
const jsonOf = (plan: RawNode) => JSON.stringify([plan], null, 2);
const ms = (value: number) => `${value.toFixed(1)} ms`;

const mixed = generatePlan(10_000);
const json = jsonOf(mixed);
const text = renderTextPlan(mixed);
const nodes = pipeline(json);
console.log(
  `${nodes} nodes, ${(json.length / 1e6).toFixed(1)} MB of JSON, ${(text.length / 1e6).toFixed(1)} MB of TEXT`,
);

const parseMs = milliseconds(() => JSON.parse(json) as unknown, 15);
const jsonMs = milliseconds(() => pipeline(json));
const textMs = milliseconds(() => pipeline(text));
report(
  'JSON, parse + compute + find ÷ JSON.parse',
  jsonMs / parseMs,
  8,
  '×',
  `${ms(jsonMs)} ÷ ${ms(parseMs)}`,
);
report('TEXT ÷ JSON', textMs / jsonMs, 3, '×', `${ms(textMs)} ÷ ${ms(jsonMs)}`);

for (const [format, render] of [
  ['JSON', jsonOf],
  ['TEXT', renderTextPlan],
] as const) {
  const sizes = [1000, 10_000, 100_000].map((size) => render(generatePlan(size)));
  const times = sizes.map((one, index) => milliseconds(() => pipeline(one), index === 2 ? 3 : 9));
  report(`${format}, 10,000 nodes ÷ 1,000`, times[1]! / times[0]!, 13, '×', times.map(ms).join(', '));
  report(`${format}, 100,000 nodes ÷ 10,000`, times[2]! / times[1]!, 13, '×');
}

const deep = generateDeepPlan(400);
report(
  '400 levels, pretty-printed JSON',
  milliseconds(() => pipeline(jsonOf(deep)), 3),
  1000,
  'ms',
);
report(
  '400 levels, TEXT',
  milliseconds(() => pipeline(renderTextPlan(deep)), 3),
  1000,
  'ms',
);

reportMemory('JSON', json);
reportMemory('TEXT', text);

/** What the result keeps and what the pipeline took on the way, as far as the collector did not run in between. */
function reportMemory(format: string, input: string): void {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (!collect) throw new Error('Run with --expose-gc, as `npm run bench` does.');
  collect();
  const before = process.memoryUsage().heapUsed;
  const kept = readPlans(input).plans.map((plan) => [plan, findAll(plan, { slaMs })]);
  const peak = process.memoryUsage().heapUsed;
  collect();
  const after = process.memoryUsage().heapUsed;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  report(
    `${format}, memory kept ÷ input`,
    (after - before) / input.length,
    10,
    '×',
    `${megabytes(after - before)}, ${megabytes(peak - before)} before collection; ${kept.length} plan`,
  );
}

process.exitCode = missed > 0 ? 1 : 0;
