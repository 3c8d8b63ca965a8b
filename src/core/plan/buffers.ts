/** Blocks touched: totals over all loops and processes, children included. */
import type { Buffers } from '../../shared/report.ts';
import type { Measure } from './measure.ts';
import type { PlanTree } from './planTree.ts';
import type { RawObject } from './raw.ts';
import { readNumber } from './raw.ts';

/** Our name of each counter → PostgreSQL's key. */
export const bufferKeys: Readonly<Record<keyof Buffers, string>> = {
  sharedHit: 'Shared Hit Blocks',
  sharedRead: 'Shared Read Blocks',
  sharedDirtied: 'Shared Dirtied Blocks',
  sharedWritten: 'Shared Written Blocks',
  localHit: 'Local Hit Blocks',
  localRead: 'Local Read Blocks',
  localDirtied: 'Local Dirtied Blocks',
  localWritten: 'Local Written Blocks',
  tempRead: 'Temp Read Blocks',
  tempWritten: 'Temp Written Blocks',
};

export const bufferNames = Object.keys(bufferKeys) as readonly (keyof Buffers)[];

/** I/O timings by any version's name: 13–16 without "Shared", temporary files from 15, local ones from 17. */
const ioTimeKeys: readonly string[] = ['', 'Shared ', 'Local ', 'Temp '].flatMap((kind) => [
  `${kind}I/O Read Time`,
  `${kind}I/O Write Time`,
]);

/** Undefined when not one counter was printed; absent counters are 0 (TEXT leaves zeros out). */
export function readBuffers(raw: RawObject): Buffers | undefined {
  if (bufferNames.every((name) => readNumber(raw, bufferKeys[name]) === undefined)) return undefined;
  return buffersOf((name) => readNumber(raw, bufferKeys[name]) ?? 0);
}

export function buffersOf(count: (name: keyof Buffers) => number): Buffers {
  return Object.fromEntries(bufferNames.map((name) => [name, count(name)])) as unknown as Buffers;
}

/** Time spent reading and writing blocks, summed over processes: may exceed the elapsed time. */
export function readIoMs(raw: RawObject): number | undefined {
  const times = ioTimeKeys.map((key) => readNumber(raw, key)).filter((ms) => ms !== undefined);
  return times.length === 0 ? undefined : times.reduce((sum, ms) => sum + ms, 0);
}

/** Undefined when the plan has no BUFFERS. */
export function measureBuffers(tree: PlanTree): Readonly<Record<keyof Buffers, Measure>> | undefined {
  const buffers = tree.nodes.map((node) => readBuffers(node.raw));
  if (buffers.every((counts) => counts === undefined)) return undefined;
  const slack = tree.nodes.map(() => 0);
  return Object.fromEntries(
    bufferNames.map((name) => [
      name,
      { totals: buffers.map((counts) => counts?.[name] ?? 0), slack, whole: true } satisfies Measure,
    ]),
  ) as unknown as Readonly<Record<keyof Buffers, Measure>>;
}

/** I/O timings come as up to six sums of three decimals each. */
const printedHalfStepMs = 0.0005;

/** Undefined when the plan has no I/O timings. */
export function measureIoTimes(tree: PlanTree): Measure | undefined {
  const times = tree.nodes.map((node) => readIoMs(node.raw));
  if (times.every((ms) => ms === undefined)) return undefined;
  return {
    totals: times.map((ms) => ms ?? 0),
    slack: tree.nodes.map(() => ioTimeKeys.length * printedHalfStepMs),
    whole: false,
  };
}
