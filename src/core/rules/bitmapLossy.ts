import { formatCount, formatMs, formatPercent } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import { countInAllProcesses, tableName, workMemSetting } from './wording.ts';

/** 8 MiB of pages: fewer are rechecked in a millisecond. */
const lossyBlocks = 1000;
/** tbm_calculate_entries() of tidbitmap.c: an entry of 48 bytes and its share of the hash table, for each page. */
const bytesPerPage = 64;

/**
 * A bitmap that did not fit into work_mem and forgot which rows of a page it meant.
 * Why: of such pages every row is checked again.
 * Threshold: 1,000 lossy pages.
 * Trap: rows removed by a recheck of exact pages are the index's doing (index-recheck-removes-rows).
 * Savable: the scan's own time, as far as its pages were lossy; fetching them stays.
 * Fix: the work_mem that holds an entry for each page.
 */
export const bitmapLossy = defineNodeRule({
  id: 'bitmap-lossy',
  types: ['Bitmap Heap Scan'],
  check: (node, context) => {
    const lossy = countInAllProcesses(node, 'Lossy Heap Blocks');
    const exact = countInAllProcesses(node, 'Exact Heap Blocks');
    if (lossy < lossyBlocks) return [];
    const share = lossy / (lossy + exact);
    const savableMs = node.selfMs === undefined ? undefined : node.selfMs * share;
    // Of a scan that runs more than once, the counts are of all runs, and each has a bitmap of its own.
    const pages = (lossy + exact) / Math.max(1, (node.loops ?? 1) / (node.processes ?? 1));
    const workMem = workMemSetting(bytesPerPage * pages);
    const time =
      savableMs === undefined
        ? ''
        : ` At most ${formatMs(savableMs)}${context.shareText(savableMs)} went into it.`;
    return context.discover({
      node,
      savableMs,
      title: `Bitmap for ${tableName(node) ?? 'the table'} is lossy on ${formatCount(lossy)} of ${formatCount(lossy + exact)} pages`,
      detail: `On ${formatPercent(share)} of the pages the bitmap no longer knew which rows it meant, so all of them were checked again.${time} A work_mem of about ${workMem} would hold it.`,
      evidence: { lossyBlocks: lossy, exactBlocks: exact, lossyBlocksLimit: lossyBlocks, workMem },
      fix: `SET work_mem = '${workMem}' for this statement, or let the index find fewer rows.`,
    });
  },
});
