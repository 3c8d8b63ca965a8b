import { blockBytes, formatBlocks, formatCount, formatMs } from '../../shared/format.ts';
import { defineRule } from './rule.ts';
import { numberDetail } from './wording.ts';

/** 8 MiB: fewer reads say little about a disk. */
const readBlocks = 1000;
/** 3,000 reads a second, what the smallest cloud volumes give: a block in a third of a millisecond. */
const slowBlockMs = 1 / 3;

/**
 * Blocks that come slowly from the disk.
 * Why: at this pace it is the storage that the statement waits for, whatever the plan.
 * Threshold: 1,000 blocks at more than a third of a millisecond each (24 MiB/s).
 * Trap: only where track_io_timing measured it; times are summed over processes, as blocks are.
 * Savable: what the blocks took beyond that pace, as elapsed time.
 * Fix: faster storage, more of the table in memory, or fewer blocks to read.
 */
export const slowIo = defineRule({
  id: 'slow-io',
  check: (context) => {
    const { root } = context;
    const read = root?.buffers?.sharedRead ?? 0;
    if (root === undefined || read < readBlocks) return [];
    const readMs = numberDetail(root, 'Shared I/O Read Time') ?? numberDetail(root, 'I/O Read Time') ?? 0;
    const blockMs = readMs / read;
    if (blockMs <= slowBlockMs) return [];
    const elapsedMs = context.nodes.reduce(
      (sum, node) => sum + (node.selfIoMs ?? 0) / (node.processes ?? 1),
      0,
    );
    const waitedMs = Math.min(elapsedMs, context.totalMs ?? elapsedMs);
    const bytesPerSecond = (read * blockBytes) / (readMs / 1000);
    return [
      context.discover({
        savableMs: waitedMs * (1 - slowBlockMs / blockMs),
        title: `Storage is slow: ${formatMs(blockMs)} for each block read`,
        detail: `${formatCount(read)} blocks (${formatBlocks(read)}) came at ${formatBlocks(bytesPerSecond / blockBytes)} a second. Waiting took ${formatMs(waitedMs)}${context.shareText(waitedMs)}.`,
        evidence: {
          blocksRead: read,
          readMs,
          msPerBlock: blockMs,
          msPerBlockLimit: slowBlockMs,
          blocksReadLimit: readBlocks,
        },
        fix: 'See whether the disk has reached its limit (IOPS, credits). Otherwise keep more in memory, or let the statement read less.',
      }),
    ];
  },
});
