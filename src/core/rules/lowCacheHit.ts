import { formatBlocks, formatCount, formatMs, formatPercent } from '../../shared/format.ts';
import { readBlocks } from './blocksReadFromDisk.ts';
import type { Discovery, RuleContext } from './rule.ts';
import { defineRule } from './rule.ts';

/** Servers are held to 95–99 % over all their queries; one query may honestly touch colder data. */
const hitShare = 0.9;
/** At this share most of the work waits for blocks. */
const badHitShare = 0.5;
/** A node that reads half of it is the one to speak of. */
const namedShare = 0.5;
/** 8 MiB: below, a few cold blocks make any share. */
const touchedBlocks = 1000;

/**
 * Much of what the statement reads, spread over many nodes, does not come from shared_buffers: a cold cache.
 * Why: what is not cached waits for the operating system or the disk.
 * Threshold: less than nine tenths of at least 1,000 blocks.
 * Trap: where one node reads most of it, blocks-read-from-disk names that node, and this rule is silent. A first run
 * after a restart always looks like this.
 * Savable: the elapsed share of all I/O times, where track_io_timing measured them; unknown otherwise.
 * Fix: a second run tells; then touch less, or larger shared_buffers.
 */
export const lowCacheHit = defineRule({
  id: 'low-cache-hit',
  check: (context) => {
    const buffers = context.root?.buffers;
    const touched = (buffers?.sharedHit ?? 0) + (buffers?.sharedRead ?? 0);
    if (!buffers || touched < touchedBlocks) return [];
    const share = buffers.sharedHit / touched;
    const most = context.nodes.reduce((max, node) => Math.max(max, node.selfBuffers?.sharedRead ?? 0), 0);
    const isNamed = most >= readBlocks && most >= buffers.sharedRead * namedShare;
    return share >= hitShare || isNamed ? [] : [describe(context, buffers.sharedRead, touched)];
  },
});

function describe(context: RuleContext, read: number, touched: number): Discovery {
  const share = (touched - read) / touched;
  const ioMs = context.nodes.reduce((sum, node) => sum + (node.selfIoMs ?? 0) / (node.processes ?? 1), 0);
  const savableMs = ioMs > 0 ? Math.min(ioMs, context.totalMs ?? ioMs) : undefined;
  const waited =
    savableMs === undefined
      ? ''
      : ` Waiting for blocks took ${formatMs(savableMs)}${context.shareText(savableMs)}.`;
  return context.discover({
    savableMs,
    ...(savableMs === undefined && { severity: share < badHitShare ? 'warning' : 'info' }),
    title: `Only ${formatPercent(share)} of the blocks were in the cache`,
    detail:
      `Of ${formatCount(touched)} blocks (${formatBlocks(touched)}), ${formatCount(read)} were not in shared_buffers.${waited} ` +
      'A first run after a restart always looks like this.',
    evidence: { blocksTouched: touched, blocksRead: read, hitShare: share, hitShareLimit: hitShare },
    fix: 'Profile again. If it stays so, the statement touches more than shared_buffers can keep: touch less, or raise it.',
  });
}
