import { blockBytes, formatBlocks, formatCount } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import { runsOf, tableName, tableSql } from './wording.ts';

/** 8 MiB: small tables are read fast, full or not. */
const readBlocks = 1000;
/**
 * Long values are moved out of line until four rows fit on a page (TOAST_TUPLES_PER_PAGE of heaptoast.h): a page with
 * fewer than two is half empty at least.
 */
const rowsPerBlock = 2;
const fullRowsPerBlock = 4;

/**
 * A table of which the pages read hold hardly any rows: it is bloated.
 * Why: rows that were deleted or changed leave room that only VACUUM frees for new ones, and only a rewrite gives back.
 * Threshold: 1,000 blocks with less than two rows each.
 * Trap: columns with STORAGE PLAIN or MAIN can make rows as large as a page. Rows still visible to someone else are not
 * counted, but are there.
 * Savable: the scan's own time, as far as its pages could be fewer.
 * Fix: VACUUM, and where it does not suffice a rewrite (VACUUM FULL locks the table, pg_repack does not).
 */
export const tableBloat = defineNodeRule({
  id: 'table-bloat',
  types: ['Seq Scan'],
  check: (node, context) => {
    const buffers = node.selfBuffers;
    const blocks = buffers === undefined ? 0 : buffers.sharedHit + buffers.sharedRead;
    const rows = (node.rows ?? 0) + (node.rowsRemoved ?? 0);
    // A condition with a sub-plan reads other tables, inside the scan.
    if (blocks < readBlocks || rows / blocks >= rowsPerBlock || context.childrenOf(node).length > 0)
      return [];
    const table = tableName(node) ?? 'the table';
    const savableMs =
      node.selfMs === undefined ? undefined : node.selfMs * (1 - rows / blocks / fullRowsPerBlock);
    const perRun = blocks / Math.max(1, runsOf(node));
    return context.discover({
      node,
      savableMs,
      title: `Pages of ${table} are almost empty: ${formatCount(rows)} rows on ${formatCount(blocks)} pages`,
      detail: `${formatBlocks(perRun)} were read, though a page of ${formatCount(blockBytes)} bytes holds four rows or more.${context.timeText(node, 'Reading them took')}`,
      evidence: {
        table,
        rows,
        blocks,
        rowsPerBlock: rows / blocks,
        rowsPerBlockLimit: rowsPerBlock,
        blocksLimit: readBlocks,
      },
      fix: `VACUUM ${tableSql(node)} makes room for new rows. To give the room back, rewrite the table: VACUUM FULL (locks it) or pg_repack.`,
    });
  },
});
