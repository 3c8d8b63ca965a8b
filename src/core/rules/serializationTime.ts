import { formatBytes, formatMs } from '../../shared/format.ts';
import { defineRule } from './rule.ts';

/** Less is not noticed. */
const longMs = 10;
const shareOfTime = 0.1;

/**
 * Turning the result into what is sent to the client takes long.
 * Why: every value is written as text and copied; large values are fetched from TOAST and unpacked for it.
 * Threshold: 10 ms and a tenth of the execution.
 * Trap: measured with EXPLAIN (SERIALIZE) only, from PostgreSQL 17 on; the way to the client and its own work are not
 * part of any plan.
 * Savable: the time of it.
 * Fix: fewer columns and rows; the binary format for numbers.
 */
export const serializationTime = defineRule({
  id: 'serialization-time',
  check: (context) => {
    const { serialization } = context.plan;
    const ms = serialization?.ms ?? 0;
    if (ms < longMs || (context.shareOf(ms) ?? 0) < shareOfTime) return [];
    const size =
      serialization?.outputBytes === undefined ? '' : ` for ${formatBytes(serialization.outputBytes)}`;
    return [
      context.discover({
        savableMs: ms,
        title: `Writing the result for the client takes ${formatMs(ms)}${context.shareText(ms)}`,
        detail: `The values were turned into text in ${formatMs(ms)}${size}. Sending and receiving come on top, and no plan shows them.`,
        evidence: {
          serializationMs: ms,
          outputBytes: serialization?.outputBytes,
          msLimit: longMs,
          shareLimit: shareOfTime,
        },
        fix: 'Return fewer rows and only the columns that are needed; aggregate on the server what is aggregated anyway.',
        clause: (clauses) => clauses.ofStar(),
      }),
    ];
  },
});
