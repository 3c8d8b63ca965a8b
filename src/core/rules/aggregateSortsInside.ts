import { formatBlocks, formatCounted } from '../../shared/format.ts';
import { defineNodeRule } from './rule.ts';
import { textDetail } from './wording.ts';

/**
 * Hashing instead of sorting took 257 ms to 207 ms with 20 different values, and 302 ms to 551 ms with 500,000
 * (PostgreSQL 14, C collation); texts that a language's rules compare are sorted more slowly, so half may be saved.
 */
const savableShare = 0.5;

/**
 * An aggregate that sorts its input out of sight: count(DISTINCT …), or one with an ORDER BY of its own, whose rows did
 * not fit into work_mem.
 * Why: each such aggregate sorts the rows of each group by itself; the plan has no Sort for it before PostgreSQL 16, the
 * sort is part of the Aggregate's own time, and no worker can share it.
 * Threshold: anything written to temporary files by a plain or sorted aggregate itself.
 * Trap: hashed aggregates write files of their own kind (hash-spill), and grouping sets sort between their passes:
 * silent.
 * Savable: half of the aggregate's own time, for another way to tell values apart takes time, too.
 * Fix: make the rows distinct first, in a sub-query that can hash them, where few different values are left.
 */
export const aggregateSortsInside = defineNodeRule({
  id: 'aggregate-sorts-inside',
  supersedes: ['temp-files'],
  types: ['Aggregate'],
  check: (node, context) => {
    const written = node.selfBuffers?.tempWritten ?? 0;
    const strategy = textDetail(node, 'Strategy') ?? 'Plain';
    if (written === 0 || (strategy !== 'Plain' && strategy !== 'Sorted')) return [];
    if (node.details['Grouping Sets'] !== undefined) return [];
    const rows = context.inputsOf(node)[0]?.rows ?? 0;
    return context.discover({
      node,
      savableMs: node.selfMs === undefined ? undefined : node.selfMs * savableShare,
      title: `Aggregate sorts ${formatCounted(rows, 'row')} inside, through ${formatBlocks(written)} of temporary files`,
      detail: `A DISTINCT or an ORDER BY within an aggregate, as in count(DISTINCT …), sorts its rows by itself, where neither hashing nor parallel workers help.${context.timeText(node, 'The aggregate itself took')}`,
      evidence: { rowsSorted: rows, tempBlocksWritten: written, strategy },
      fix: 'Where few different values are expected, make them distinct first: SELECT count(x) FROM (SELECT DISTINCT x FROM …) hashes them. Where there are many, more work_mem spares the files.',
    });
  },
});
