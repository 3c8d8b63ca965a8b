import { formatBlocks } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import { nodeName } from './wording.ts';

/** 8 MiB: less is written and read back in some ten milliseconds. */
const writtenBlocks = 1000;
/** 80 MiB: seconds on a slow disk. */
const manyWrittenBlocks = 10_000;

/**
 * A node that writes temporary files, and is none of those that say what for.
 * Why: what does not fit into work_mem goes through files, at the speed of the disk.
 * Threshold: 1,000 blocks written by the node itself; a warning from 10,000 on.
 * Trap: sorts, hash tables, aggregates and stored rows have rules of their own, which name the work_mem they need.
 * Savable: not said: how much of the node's time went into files is not known.
 * Fix: more work_mem for this statement, or fewer and narrower rows.
 */
export const tempFiles = defineNodeRule({
  id: 'temp-files',
  types: 'all',
  check: (node, context) => {
    const written = node.selfBuffers?.tempWritten ?? 0;
    const read = node.selfBuffers?.tempRead ?? 0;
    if (written < writtenBlocks) return [];
    return context.discover({
      node,
      severity: written >= manyWrittenBlocks ? 'warning' : 'info',
      title: `${nodeName(node)} writes ${formatBlocks(written)} of temporary files`,
      detail: `What it works on did not fit into memory; ${formatBlocks(read)} were read back.${context.timeText(node, 'The node itself took')}`,
      evidence: { tempBlocksWritten: written, tempBlocksRead: read, tempBlocksLimit: writtenBlocks },
      fix: 'SET work_mem higher for this statement, or let fewer and narrower rows reach it.',
    });
  },
});
