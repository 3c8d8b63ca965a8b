import type { ExplainOptions } from '../core/ports.ts';
import { ownMarker } from './ownStatements.ts';

/** EXPLAIN GENERIC_PLAN */
export const GENERIC_PLAN_VERSION = 160_000;
/** EXPLAIN MEMORY and SERIALIZE */
const MEMORY_VERSION = 170_000;

/** `EXPLAIN (…)` with what this version knows; the statement is to follow. */
export function explainSql(
  options: ExplainOptions,
  versionNum: number,
  kind: 'plain' | 'analyze' | 'generic',
): string {
  const analyze = kind === 'analyze';
  const parts = [
    'FORMAT JSON',
    ...(analyze ? ['ANALYZE'] : []),
    ...(kind === 'generic' ? ['GENERIC_PLAN'] : []),
    `VERBOSE ${onOff(options.verbose)}`,
    `SETTINGS ${onOff(options.settings)}`,
    // Said in either case: version 18 turns BUFFERS on with ANALYZE.
    `BUFFERS ${onOff(options.buffers)}`,
    // Planning time is printed without ANALYZE only when asked for.
    'SUMMARY',
    ...(analyze && options.wal ? ['WAL'] : []),
    ...(analyze ? [`TIMING ${onOff(options.timing)}`] : []),
    ...(versionNum >= MEMORY_VERSION && options.memory ? ['MEMORY'] : []),
    ...(versionNum >= MEMORY_VERSION && analyze && options.serialize ? ['SERIALIZE TEXT'] : []),
  ];
  return `EXPLAIN ${ownMarker} (${parts.join(', ')}) `;
}

const onOff = (value: boolean) => (value ? 'ON' : 'OFF');
