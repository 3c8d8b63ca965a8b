import { formatBytes, formatCount } from '../../shared/format.ts';
import { defineRule } from './rule.ts';
import { numberDetail } from './wording.ts';

/** A tenth of max_wal_size by default (1 GB): ten such statements force a checkpoint. */
const muchBytes = 100 * 1024 * 1024;

/**
 * A statement that writes very much write-ahead log.
 * Why: it is written, flushed and sent to every replica, and brings the next checkpoint nearer.
 * Threshold: 100 MiB.
 * Trap: a load of that size is honest work; it is said, not blamed.
 * Savable: not said: logging is spread over the nodes' own times.
 * Fix: fewer indexes while loading, smaller batches, UNLOGGED for what can be made again.
 */
export const walVolume = defineRule({
  id: 'wal-volume',
  check: (context) => {
    const { root } = context;
    const bytes = root === undefined ? 0 : (numberDetail(root, 'WAL Bytes') ?? 0);
    if (root === undefined || bytes < muchBytes) return [];
    const records = numberDetail(root, 'WAL Records') ?? 0;
    const full = numberDetail(root, 'WAL Buffers Full') ?? 0;
    const waited =
      full === 0
        ? ''
        : ` The log’s buffers were full ${full === 1 ? 'once' : `${formatCount(full)} times`}: larger wal_buffers would help.`;
    return [
      context.discover({
        node: root,
        severity: 'info',
        title: `Statement writes ${formatBytes(bytes)} of write-ahead log`,
        detail: `${formatCount(records)} records were logged, to be flushed and sent to every replica.${waited}`,
        evidence: { walBytes: bytes, walRecords: records, walBuffersFull: full, walBytesLimit: muchBytes },
        fix: 'Change only rows that really change; load into tables before their indexes are made; UNLOGGED tables suit what can be made again.',
      }),
    ];
  },
});
