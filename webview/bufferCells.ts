/** What the buffers view says of a node: blocks of each kind that the step itself touched, with sizes. Pure. */
import { formatBlocks, formatCount, formatMsPlain, formatPercent, formatRows } from '../src/shared/format.ts';
import type { Buffers, PlanNode } from '../src/shared/report.ts';
import { touchedBlocks } from './metrics.ts';
import type { Cell } from './nodeCells.ts';
import type { PlanModel } from './planModel.ts';

export interface BufferColumn {
  readonly key: keyof Buffers;
  readonly head: string;
  readonly title: string;
}

const kinds: readonly BufferColumn[] = [
  { key: 'sharedHit', head: 'Hit', title: 'Blocks of tables and indexes found in shared buffers' },
  { key: 'sharedRead', head: 'Read', title: 'Blocks of tables and indexes read from the system' },
  { key: 'sharedDirtied', head: 'Dirtied', title: 'Blocks changed that were clean before' },
  { key: 'sharedWritten', head: 'Written', title: 'Changed blocks that this process had to write out' },
  { key: 'localHit', head: 'Local hit', title: 'Blocks of temporary tables found in local buffers' },
  { key: 'localRead', head: 'Local read', title: 'Blocks of temporary tables read' },
  { key: 'localDirtied', head: 'Local dirtied', title: 'Blocks of temporary tables changed' },
  { key: 'localWritten', head: 'Local written', title: 'Blocks of temporary tables written' },
  {
    key: 'tempRead',
    head: 'Temp read',
    title: 'Blocks read back from temporary files of sorts, hashes and the like',
  },
  { key: 'tempWritten', head: 'Temp written', title: 'Blocks spilled to temporary files' },
];

/** Hits and reads always; the others where they are not all zero. */
export function bufferColumns({ plan }: PlanModel): readonly BufferColumn[] {
  return kinds.filter(
    ({ key }) =>
      key === 'sharedHit' ||
      key === 'sharedRead' ||
      plan.nodes.some(({ buffers, selfBuffers }) => (buffers?.[key] ?? 0) + (selfBuffers?.[key] ?? 0) > 0),
  );
}

export function hasIo({ plan }: PlanModel): boolean {
  return plan.nodes.some(({ ioMs = 0 }) => ioMs > 0);
}

const absent: Cell = { text: '–', title: 'not measured' };

/** The size of all that the step touched; the same block counts each time that it is touched. */
export function selfSizeCell({ selfBuffers, neverExecuted }: PlanNode): Cell {
  if (selfBuffers === undefined || neverExecuted) return absent;
  const blocks = touchedBlocks(selfBuffers);
  return {
    text: blocks === 0 ? '0' : formatBlocks(blocks),
    title: `${formatCount(blocks)} blocks of 8 KiB touched by the step itself, as often as it touched them`,
  };
}

export function totalSizeCell({ buffers, neverExecuted }: PlanNode): Cell {
  if (buffers === undefined || neverExecuted) return absent;
  const blocks = touchedBlocks(buffers);
  return {
    text: blocks === 0 ? '0' : formatBlocks(blocks),
    title: `${formatCount(blocks)} blocks, with everything below`,
  };
}

/** The part of its blocks that the step found in a cache. */
export function cachedCell({ selfBuffers, neverExecuted }: PlanNode): Cell {
  if (selfBuffers === undefined || neverExecuted) return absent;
  const hit = selfBuffers.sharedHit + selfBuffers.localHit;
  const read = selfBuffers.sharedRead + selfBuffers.localRead;
  if (hit + read === 0) return { text: '', title: 'The step itself touched no blocks of tables or indexes' };
  return {
    text: formatPercent(hit / (hit + read)),
    title: `${formatCount(hit)} of ${formatCount(hit + read)} blocks of tables and indexes were cached`,
  };
}

export function bufferCell(
  { selfBuffers, buffers, neverExecuted }: PlanNode,
  { key, title }: BufferColumn,
): Cell {
  if (selfBuffers === undefined || neverExecuted) return absent;
  const self = selfBuffers[key];
  const all = buffers?.[key] ?? self;
  return {
    text: formatRows(self),
    title: `${title}: ${formatCount(self)} (${formatBlocks(self)}) by the step itself, ${formatCount(all)} (${formatBlocks(all)}) with everything below`,
  };
}

export function ioCell({ selfIoMs, ioMs, neverExecuted, details }: PlanNode): Cell {
  if (selfIoMs === undefined || neverExecuted) return absent;
  const told = Object.entries(details).filter(([key]) => key.includes('I/O'));
  return {
    text: formatMsPlain(selfIoMs),
    title: [
      `${selfIoMs.toFixed(3)} ms of waiting for blocks by the step itself, ${(ioMs ?? selfIoMs).toFixed(3)} ms with everything below, summed over processes`,
      ...told.map(([key, value]) => `${key}, with everything below: ${JSON.stringify(value)} ms`),
    ].join('\n'),
  };
}
