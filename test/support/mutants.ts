/** Plans that no server printed: recorded ones, changed at random but the same in each run of one seed. */
import assert from 'node:assert/strict';
import { readPlans } from '../../src/core/plan/readPlans.ts';
import { findAll } from '../../src/core/rules/index.ts';
import { createRandom } from '../bench/generatedPlan.ts';
import { parser } from './findings.ts';
import { recordingsIn, recordingText } from './sameTree.ts';
import { wrappings } from './wrappings.ts';

/** Larger ones take longer to change than they are worth; nearly all recordings are below it, in every format. */
const longestSource = 60_000;

/** Bits that formats are made of, and that tell them apart. */
const snippets: readonly string[] = [
  '->  ',
  '  (cost=',
  '  (cost=0.00..1.00 rows=1 width=4)',
  ' (actual time=0.1..0.2 rows=1 loops=1)',
  ' (never executed)',
  "'",
  '"',
  '""',
  '\\',
  '{',
  '}',
  '[',
  ']',
  '<Plan>',
  '</Plan>',
  '- Plan:\n',
  ': ',
  '\n',
  '\n\n',
  '\r\n',
  '\t',
  '\0',
  '\u2028',
  '↵',
  '|',
  '+',
  '```\n',
  'InitPlan 1 (returns $0)\n',
  'Worker 0:  ',
  'Buffers: shared hit=',
  'QUERY PLAN\n----------\n',
  '-[ RECORD 1 ]-\n',
  '__proto__',
  'constructor',
  '1e999',
  '-1',
  '9'.repeat(400),
  ' '.repeat(300),
  '('.repeat(200),
];

type Random = () => number;

const whole = (random: Random, below: number) => Math.floor(random() * below);

const changes: readonly ((text: string, random: Random) => string)[] = [
  (text, random) => text.slice(0, whole(random, text.length)),
  (text, random) => text.slice(whole(random, text.length)),
  (text, random) => {
    const from = whole(random, text.length);
    return text.slice(0, from) + text.slice(from + 1 + whole(random, 200));
  },
  (text, random) => {
    const from = whole(random, text.length);
    const piece = text.slice(from, from + 1 + whole(random, 400));
    const at = whole(random, text.length);
    return text.slice(0, at) + piece + text.slice(at);
  },
  (text, random) => {
    const at = whole(random, text.length);
    return text.slice(0, at) + snippets[whole(random, snippets.length)]! + text.slice(at);
  },
  (text, random) => {
    const at = whole(random, text.length);
    return text.slice(0, at) + String.fromCharCode(whole(random, 0x3000)) + text.slice(at + 1);
  },
  (text, random) =>
    text.replaceAll(/\d+(?:\.\d+)?/g, (number) =>
      random() < 0.05 ? String(whole(random, 1e6) / 100) : number,
    ),
  (text, random) => onLines(text, (lines) => lines.filter(() => random() > 0.05)),
  (text, random) =>
    onLines(text, (lines) => lines.map((line) => (random() < 0.05 ? line.trimStart() : line))),
  (text, random) =>
    onLines(text, (lines) =>
      lines.map((line) => (random() < 0.05 ? `${' '.repeat(whole(random, 9))}${line}` : line)),
    ),
  (text, random) =>
    onLines(text, (lines) => {
      const at = whole(random, lines.length);
      return [...lines.slice(at), ...lines.slice(0, at)];
    }),
  (text, random) => onLines(text, (lines) => [lines.join(random() < 0.5 ? ' ' : '')]),
  (text) => `${text}\n${text}`,
  (text, random) => wrappings[whole(random, wrappings.length)]!.wrap(text),
];

function onLines(text: string, change: (lines: readonly string[]) => readonly string[]): string {
  return change(text.split('\n')).join('\n');
}

/** Reads `count` mutants of recorded plans in the formats, one to three changes each, and checks what must hold. */
export function checkMutants(seed: number, count: number, extensions: readonly string[]): void {
  const random = createRandom(seed);
  const sources = extensions.flatMap((extension) =>
    recordingsIn(extension)
      .map((name) => ({ name: `${name}.${extension}`, text: recordingText(name, extension) }))
      .filter(({ text }) => text.length <= longestSource),
  );
  for (let index = 0; index < count; index++) {
    const source = sources[whole(random, sources.length)]!;
    let mutant = source.text;
    for (let change = whole(random, 3); change >= 0; change--)
      mutant = changes[whole(random, changes.length)]!(mutant, random);
    try {
      checkMutant(mutant);
    } catch (error) {
      throw new Error(`Mutant ${index} of seed ${seed}, of ${source.name}:\n${mutant}`, { cause: error });
    }
  }
}

/** Ten times what the slowest takes, so that only a hang is over it on a busy machine. */
const longestMs = 1000;

function checkMutant(text: string): void {
  const start = performance.now();
  const { plans, problems } = readPlans(text);
  for (const plan of plans) findAll(plan, { slaMs: 1000, parser });
  const took = performance.now() - start;
  assert.ok(took < longestMs, `took ${took.toFixed(0)} ms`);
  assert.ok(plans.length + problems.length > 0, 'neither plans nor problems');
  const isExplained = problems.some((problem) => problem.code === 'times-do-not-add-up');
  for (const plan of plans) {
    assert.ok(plan.nodes.length > 0);
    for (const { id, selfMs } of plan.nodes)
      assert.ok(isExplained || selfMs === undefined || selfMs >= 0, `selfMs ${selfMs} of node ${id}`);
  }
  for (const problem of problems) assert.ok(problem.message.length > 0);
}
