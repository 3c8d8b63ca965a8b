/**
 * Engines and versions of which no live server was recorded for the tests: their plans are read as their documents say,
 * and the report tells so.
 */
import type { PlanNode, Problem } from '../../shared/report.ts';
import type { RawPlan } from './raw.ts';

/** Custom scans of TimescaleDB: its documentation, and src/nodes and tsl/src/nodes of its sources. */
const timescaleProviders: ReadonlySet<unknown> = new Set([
  'ChunkAppend',
  'ConstraintAwareAppend',
  'ChunkDispatch',
  'HypertableModify',
  'ModifyHypertable',
  'DecompressChunk',
  'ColumnarScan',
  'VectorAgg',
  'SkipScan',
  'GapFill',
]);

const yugabyteKeys: readonly string[] = [
  'Storage Table Read Requests',
  'Storage Table Write Requests',
  'Storage Index Read Requests',
  'Storage Index Write Requests',
];

/** Undefined for everything that was recorded from a live server, and for what does not tell its version (11, 12). */
export function documentedEngine(raw: RawPlan, nodes: readonly PlanNode[]): Problem | undefined {
  const engine = nodes.some(isTimescale)
    ? 'TimescaleDB'
    : nodes.some(isYugabyte)
      ? 'YugabyteDB'
      : isBefore11(raw)
        ? 'PostgreSQL 10 or older'
        : undefined;
  if (engine === undefined) return undefined;
  return {
    code: 'engine-not-recorded',
    message: `This plan is of ${engine}: it is read as documented, and was not compared with plans of a live server.`,
  };
}

function isTimescale({ type, details }: PlanNode): boolean {
  return type === 'Custom Scan' && timescaleProviders.has(details['Custom Plan Provider']);
}

/** Its own nodes, and what EXPLAIN (DIST) adds to the others. */
function isYugabyte({ type, details }: PlanNode): boolean {
  return type.startsWith('YB ') || yugabyteKeys.some((key) => key in details);
}

/** TEXT had "Planning time" with a small letter up to 10, and "Total runtime" up to 9.3. */
function isBefore11(raw: RawPlan): boolean {
  return 'Planning time' in raw || 'Total runtime' in raw;
}
