import { formatCounted, formatMs, formatPercent } from '../../shared/format.ts';
import { groupBy } from '../../shared/groupBy.ts';
import { defineRule } from './rule.ts';
import { nodeName, quote, textDetail } from './wording.ts';

/** Fewer rows are stored and read in about a millisecond. */
const discardedRows = 1000;
/** Where a reader wants a fifth or less, its condition would have changed how the rows are found. */
const discardedShare = 0.8;

/**
 * A CTE is computed whole, and those who read it throw most of it away.
 * Why: MATERIALIZED (and, before PostgreSQL 12, any WITH) keeps conditions from reaching the tables, and with them indexes.
 * Threshold: every reader discards four fifths of at least 1,000 rows.
 * Trap: recursive and data-modifying CTEs cannot be inlined; a reader that wants all rows is served well.
 * Savable: the time of the CTE and of its readers, as far as it went into rows that every reader discards.
 * Fix: NOT MATERIALIZED, or a sub-query in FROM; it must stay if it calls volatile functions.
 */
export const cteMaterializedNeedlessly = defineRule({
  id: 'cte-materialized-needlessly',
  supersedes: ['rows-removed-by-filter'],
  check: (context) => {
    const readers = groupBy(context.ofType('CTE Scan'), (scan) => textDetail(scan, 'CTE Name'));
    return context.nodes.flatMap((node) => {
      const name =
        node.subplanName?.startsWith('CTE ') === true ? node.subplanName.slice('CTE '.length) : undefined;
      if (name === undefined || node.type === 'ModifyTable' || node.type === 'Recursive Union') return [];
      const scans = readers.get(name) ?? [];
      const shares = scans.map((scan) => {
        const removed = scan.rowsRemoved ?? 0;
        return removed < discardedRows ? 0 : removed / (removed + (scan.rows ?? 0));
      });
      const least = Math.min(1, ...shares);
      // Two CTEs of one name, in nested scopes, cannot be told apart by their readers.
      const isAmbiguous = scans.some((scan) => (scan.rows ?? 0) + (scan.rowsRemoved ?? 0) < (node.rows ?? 0));
      if (scans.length === 0 || least < discardedShare || isAmbiguous) return [];
      const wholeMs =
        node.totalMs === undefined
          ? undefined
          : scans.reduce((sum, scan) => sum + (scan.selfMs ?? 0), node.totalMs);
      const savableMs = wholeMs === undefined ? undefined : wholeMs * least;
      const time =
        node.totalMs === undefined
          ? ''
          : ` Computing it took ${formatMs(node.totalMs)}${context.shareText(node.totalMs)}.`;
      const condition = textDetail(scans[0]!, 'Filter');
      return context.discover({
        node,
        savableMs,
        title: `CTE ${name} is computed whole, and ${formatPercent(least)} of it discarded by its readers`,
        detail: `The ${formatCounted(node.rows ?? 0, 'row')} of it are stored, and only then ${condition === undefined ? 'is the condition' : quote(condition)} checked by ${nodeName(scans[0]!)}.${time}`,
        evidence: {
          cte: name,
          rowsStored: node.rows ?? 0,
          readers: scans.length,
          discardedShare: least,
          discardedShareLimit: discardedShare,
        },
        fix: `WITH ${name} AS NOT MATERIALIZED (…), or a sub-query in FROM, lets the condition reach the tables. (Keep it where it calls volatile functions.)`,
        covers: scans,
        clause: (clauses) => clauses.ofCte(name),
      });
    });
  },
});
