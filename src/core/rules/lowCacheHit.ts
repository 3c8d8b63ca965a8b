import { formatBlocks, formatCount, formatMs, formatPercent } from '../../shared/format.ts';
import type { Discovery, RuleContext } from './rule.ts';
import { defineRule } from './rule.ts';

/** Servers are held to 95–99 % over all their queries; one query may honestly touch colder data. */
const hitShare = 0.9;
/** At this share most of the work waits for blocks. */
const badHitShare = 0.5;
/** 8 MiB: below, a few cold blocks make any share. */
const touchedBlocks = 1000;

/**
 * Most of what the statement reads should come from shared_buffers.
 * Savable: the elapsed share of all I/O times, where track_io_timing measured them; unknown otherwise.
 */
export const lowCacheHit = defineRule({
  id: 'low-cache-hit',
  check: (context) => {
    const buffers = context.root?.buffers;
    const touched = (buffers?.sharedHit ?? 0) + (buffers?.sharedRead ?? 0);
    if (!buffers || touched < touchedBlocks) return [];
    const share = buffers.sharedHit / touched;
    return share >= hitShare ? [] : [describe(context, buffers.sharedRead, touched)];
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
  return {
    severity:
      savableMs === undefined ? (share < badHitShare ? 'warning' : 'info') : context.severityOf(savableMs),
    title: `Only ${formatPercent(share)} of the blocks were in the cache`,
    detail:
      `Of ${formatCount(touched)} blocks (${formatBlocks(touched)}), ${formatCount(read)} were not in shared_buffers.${waited} ` +
      'A first run after a restart always looks like this.',
    evidence: { blocksTouched: touched, blocksRead: read, hitShare: share, hitShareLimit: hitShare },
    ...(savableMs === undefined ? {} : { savableMs }),
    fix: 'Profile again. If it stays so, the statement touches more than shared_buffers can keep: touch less, or raise it.',
  };
}
