/** Blocks touched: totals over all loops and processes, children included. */
import type { Buffers } from '../../shared/report.ts';
import type { Measure } from './measure.ts';
import type { NodeFacts } from './nodeFacts.ts';
import { valueAt } from './columns.ts';
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
export const ioTimeKeys: readonly string[] = ['', 'Shared ', 'Local ', 'Temp '].flatMap((kind) => [
  `${kind}I/O Read Time`,
  `${kind}I/O Write Time`,
]);

/** Undefined when not one counter was printed; absent counters are 0 (TEXT leaves zeros out). */
export function readBuffers(raw: RawObject): Buffers | undefined {
  let isPrinted = false;
  const buffers = buffersOf((name) => {
    const count = readNumber(raw, bufferKeys[name]);
    if (count === undefined) return 0;
    isPrinted = true;
    return count;
  });
  return isPrinted ? buffers : undefined;
}

/** Spelled out, for this is made twice for each node: objects of one shape are made ten times as fast. */
export function buffersOf(count: (name: keyof Buffers) => number): Buffers {
  return {
    sharedHit: count('sharedHit'),
    sharedRead: count('sharedRead'),
    sharedDirtied: count('sharedDirtied'),
    sharedWritten: count('sharedWritten'),
    localHit: count('localHit'),
    localRead: count('localRead'),
    localDirtied: count('localDirtied'),
    localWritten: count('localWritten'),
    tempRead: count('tempRead'),
    tempWritten: count('tempWritten'),
  };
}

/** What each node touched (by node index), and of each counter that is not zero everywhere the measure. */
export interface MeasuredBuffers {
  readonly byNode: readonly (Buffers | undefined)[];
  readonly measures: ReadonlyMap<keyof Buffers, Measure>;
}

/** Undefined when the plan has no BUFFERS. */
export function measureBuffers(tree: PlanTree, { buffers }: NodeFacts): MeasuredBuffers | undefined {
  const columns = bufferNames.map((name) => buffers[name]);
  const byNode = tree.nodes.map(({ index }) => {
    if (columns.every((column) => Number.isNaN(column[index]))) return undefined;
    return buffersOf((name) => valueAt(buffers[name], index) ?? 0);
  });
  if (byNode.every((counts) => counts === undefined)) return undefined;
  const slack = tree.nodes.map(() => 0);
  const measures = new Map<keyof Buffers, Measure>();
  for (const name of bufferNames) {
    if (!byNode.some((counts) => counts !== undefined && counts[name] !== 0)) continue;
    measures.set(name, { totals: byNode.map((counts) => counts?.[name] ?? 0), slack, whole: true });
  }
  return { byNode, measures };
}

/** I/O timings come as up to six sums of three decimals each. */
const printedHalfStepMs = 0.0005;

/** Time spent reading and writing blocks, summed over processes; undefined when the plan has no I/O timings. */
export function measureIoTimes(tree: PlanTree, { ioMs }: NodeFacts): Measure | undefined {
  if (ioMs.every((ms) => Number.isNaN(ms))) return undefined;
  return {
    totals: tree.nodes.map(({ index }) => valueAt(ioMs, index) ?? 0),
    slack: tree.nodes.map(() => ioTimeKeys.length * printedHalfStepMs),
    whole: false,
  };
}
