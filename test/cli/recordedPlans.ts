/** The recorded plans, and what `plan --format json` says of each of them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Plan, ProfileReport, ProfileReports } from '../../src/shared/report.ts';
import { root, runCli } from './runCli.ts';

const plans = path.join(root, 'test/fixtures/plans');
/** The recorded JSON plans, as paths in the fixtures. */
export const recorded = readdirSync(plans, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /[\\/].*\.json(\.gz)?$/.test(name),
);

export function planText(name: string): string {
  const bytes = readFileSync(path.join(plans, name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** The server prints times to 0.001 ms and the parts of a whole are rounded one by one. */
const roundingMs = 0.0005;

function assertSound({ nodes, executionMs }: Plan): void {
  const [top] = nodes;
  assert.ok(top !== undefined);
  const local = nodes.filter(({ distributed }) => distributed === undefined);
  const seen = new Set<string>();
  for (const node of nodes) {
    assert.ok(!seen.has(node.id), `${node.id} is there once`);
    assert.ok(
      node.parentId === null ? node === top : seen.has(node.parentId),
      `${node.id} follows its parent`,
    );
    seen.add(node.id);
    assert.ok((node.selfMs ?? 0) >= 0, `${node.id} takes no negative time`);
    assert.ok(node.selfCost >= 0, `${node.id} has no negative cost`);
    for (const [pool, blocks] of Object.entries(node.selfBuffers ?? {})) {
      assert.ok(blocks >= 0, `${node.id} has no negative ${pool}`);
    }
  }
  if (top.totalMs === undefined) return;
  const loops = local.reduce((sum, node) => sum + (node.loops ?? 0), 0);
  const selfMs = local.reduce((sum, node) => sum + (node.selfMs ?? 0), 0);
  const tolerance = 2 * roundingMs * (loops + nodes.length) + top.totalMs * 1e-9;
  assert.ok(
    selfMs >= top.totalMs - tolerance,
    `self times add up to ${selfMs}, the root takes ${top.totalMs}`,
  );
  // What a writing CTE has left to do, ExecutorFinish does after the root: inside the execution, outside the root.
  const finishes = local.some(
    ({ type, subplanName = '' }) => type === 'ModifyTable' && subplanName.startsWith('CTE'),
  );
  const most = finishes ? (executionMs ?? Infinity) : top.totalMs;
  assert.ok(selfMs <= most + tolerance, `self times add up to ${selfMs}, the whole takes ${most}`);
}

/** Each of these plans through the built command line: one document, and sound. */
export function checkPlans(names: readonly string[]): void {
  assert.ok(recorded.length >= 100, 'the recorded plans are there');
  describe('plan --format json', { concurrency: 2 }, () => {
    for (const name of names) {
      test(name, async () => {
        const { code, stdout, stderr } = await runCli(['plan', '--format', 'json'], {
          stdin: planText(name),
        });
        assert.deepEqual([code, stderr], [0, '']);
        const document = JSON.parse(stdout) as ProfileReport | ProfileReports;
        const reports = 'reports' in document ? document.reports : [document];
        assert.ok(reports.length > 0);
        for (const report of reports) {
          assert.equal(report.schemaVersion, 1);
          assertSound(report.plan);
        }
      });
    }
  });
}
