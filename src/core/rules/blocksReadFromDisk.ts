import { formatBlocks, formatCount, formatMs } from '../../shared/format.ts';
import type { PlanNode } from '../../shared/report.ts';
import type { Discovery, RuleContext } from './rule.ts';
import { defineNodeRule } from './rule.ts';
import { nodeName } from './wording.ts';

/** 8 MiB: about 10 ms on a good disk, 100 ms on a slow one. */
export const readBlocks = 1000;
/** 80 MiB: seconds on a slow disk; a warning even where nobody timed it. */
const manyReadBlocks = 10_000;

/**
 * A node that reads many blocks from outside shared_buffers.
 * Why: they come from the operating system's cache or from disk, PostgreSQL cannot tell which; either takes time.
 * Threshold: 1,000 blocks; a warning from 10,000 on where nobody timed them.
 * Trap: a first run is always cold; blocks that the node's inputs read are theirs.
 * Savable: the elapsed share of the node's I/O time, where track_io_timing measured it; unknown otherwise.
 * Fix: a second run tells; then read less, or larger shared_buffers.
 */
export const blocksReadFromDisk = defineNodeRule({
  id: 'blocks-read-from-disk',
  types: 'all',
  check: checkReads,
});

function checkReads(node: PlanNode, context: RuleContext): readonly Discovery[] {
  const read = node.selfBuffers?.sharedRead ?? 0;
  if (read < readBlocks) return [];
  // I/O times are sums over processes, and as such may exceed what elapsed.
  const ioMs = node.selfIoMs ? node.selfIoMs / (node.processes ?? 1) : undefined;
  const savableMs = ioMs === undefined ? undefined : Math.min(ioMs, node.selfMs ?? ioMs);
  const timing =
    savableMs === undefined
      ? 'How long that took is not known: track_io_timing is off.'
      : `Waiting for them took ${formatMs(savableMs)}${context.shareText(savableMs)}.`;
  return [
    context.discover({
      node,
      savableMs,
      ...(savableMs === undefined && { severity: read >= manyReadBlocks ? 'warning' : 'info' }),
      title: `${nodeName(node)} reads ${formatBlocks(read)} from disk`,
      detail: `${formatCount(read)} blocks were not in shared_buffers and came from disk or the operating system’s cache. ${timing}`,
      evidence: {
        blocksRead: read,
        blocksHit: node.selfBuffers?.sharedHit ?? 0,
        blocksReadLimit: readBlocks,
        ioMs,
      },
      fix: 'Profile again: if they are cached then, only a first run pays. Otherwise read less, or give shared_buffers more.',
    }),
  ];
}
