/** Reports that show every part of a rendering: the guide's query with a trial, and one in which every name attacks. */
import type { Plan, ProfileReport } from '../../../src/shared/report.ts';
import { nodeOf, noBuffers, planOfNodes, reportOf } from '../../support/reports.ts';

const buffers = (sharedHit: number, sharedRead = 0) => ({ ...noBuffers, sharedHit, sharedRead });

const before: Plan = planOfNodes(
  [
    nodeOf({
      id: '1',
      type: 'Limit',
      selfMs: 0.01,
      totalMs: 156.67,
      loops: 1,
      rows: 50,
      planRows: 50,
      rowsFactor: 1,
      buffers: buffers(6000, 231),
      selfBuffers: buffers(0),
    }),
    nodeOf({
      id: '2',
      parentId: '1',
      type: 'Gather Merge',
      selfMs: 15.9,
      totalMs: 156.66,
      loops: 1,
      rows: 50,
      planRows: 6120,
      selfBuffers: buffers(0),
    }),
    nodeOf({
      id: '3',
      parentId: '2',
      type: 'Sort',
      selfMs: 3.92,
      totalMs: 140.76,
      loops: 3,
      rows: 150,
      planRows: 2550,
      selfBuffers: buffers(16),
      details: { 'Sort Key': ['d.deployed_at DESC'] },
    }),
    nodeOf({
      id: '4',
      parentId: '3',
      type: 'Hash Join',
      selfMs: 4.26,
      totalMs: 135.07,
      loops: 3,
      rows: 6232,
      planRows: 2550,
      rowsFactor: 0.81,
      selfBuffers: buffers(0),
    }),
    nodeOf({
      id: '5',
      parentId: '4',
      type: 'Seq Scan',
      relation: 'deployments',
      alias: 'd',
      selfMs: 74.25,
      totalMs: 74.25,
      loops: 3,
      rows: 6232,
      planRows: 2550,
      rowsFactor: 0.81,
      rowsRemoved: 393768,
      selfBuffers: buffers(4088, 231),
      details: {
        'Parallel Aware': true,
        Filter: "((status = 'healthy'::text) AND (deployed_at > (now() - '30 days'::interval)))",
      },
    }),
    nodeOf({
      id: '6',
      parentId: '4',
      type: 'Hash',
      selfMs: 31.86,
      totalMs: 56.56,
      loops: 3,
      rows: 120000,
      planRows: 40000,
      rowsFactor: 1,
      selfBuffers: buffers(0),
    }),
    nodeOf({
      id: '7',
      parentId: '6',
      type: 'Index Scan',
      relation: 'model_versions',
      index: 'model_versions_pkey',
      alias: 'mv',
      loops: 0,
      rows: 0,
      planRows: 1,
      neverExecuted: true,
      selfBuffers: buffers(0),
    }),
  ],
  {
    executionMs: 156.75,
    planningMs: 0.94,
    settings: { work_mem: '64MB' },
    triggers: [{ name: 'audit', ms: 1.5, calls: 3 }],
  },
);

const after: Plan = planOfNodes(
  [
    nodeOf({
      id: '1',
      type: 'Limit',
      selfMs: 0.02,
      totalMs: 0.4,
      loops: 1,
      rows: 50,
      planRows: 50,
      rowsFactor: 1,
      selfBuffers: buffers(0),
    }),
    nodeOf({
      id: '2',
      parentId: '1',
      type: 'Index Scan',
      relation: 'deployments',
      alias: 'd',
      index: 'deployments_status_deployed_at_idx',
      selfMs: 0.38,
      totalMs: 0.38,
      loops: 1,
      rows: 50,
      planRows: 6120,
      selfBuffers: buffers(163),
    }),
  ],
  { executionMs: 0.41 },
);

export const guideReport: ProfileReport = reportOf(before, {
  sql: 'SELECT d.status FROM deployments d LIMIT 50',
  source: { name: 'reports.sql', line: 12 },
  server: { version: '18.4', environment: 'dev', connection: 'registry' },
  execution: 'read-only, rolled back',
  findings: [
    {
      ruleId: 'seq-scan-discards-rows',
      severity: 'critical',
      nodeId: '5',
      title: 'Sequential scan on deployments throws away 98 % of what it reads',
      detail:
        '393,768 of 400,000 rows fail the filter; an index on the filter’s columns would find the others directly.',
      evidence: { rowsRead: 400000, rowsRemoved: 393768, relation: 'deployments' },
      savableMs: 74.25,
      fix: 'Create an index whose first columns are those of the filter.',
    },
    {
      ruleId: 'blocks-read',
      severity: 'warning',
      nodeId: '5',
      title: '231 blocks came from outside the cache',
      detail: 'They were read from disk or from the system’s cache.',
      evidence: {},
    },
    {
      ruleId: 'sla',
      severity: 'info',
      title: 'Within the SLA',
      detail: '156.75 ms are below 1 s.',
      evidence: { slaMs: 1000 },
    },
  ],
  suggestions: [
    {
      id: 's1',
      kind: 'create-index',
      table: 'deployments',
      ddl: 'CREATE INDEX CONCURRENTLY deployments_status_deployed_at_idx ON deployments (status, deployed_at DESC);',
      undoDdl: 'DROP INDEX CONCURRENTLY deployments_status_deployed_at_idx;',
      method: 'btree',
      columns: ['status', 'deployed_at DESC'],
      reason: 'status is compared for equality, and deployed_at gives both the range and the order.',
      nodeId: '5',
      sizeBytes: 12_345_678,
      verification: {
        by: 'trial',
        plannerVersion: '18.4',
        costBefore: 9542,
        costAfter: 23,
        msBefore: 156.75,
        msAfter: 0.41,
        buffersBefore: 6231,
        buffersAfter: 163,
        planAfter: after,
      },
    },
    {
      id: 's2',
      kind: 'create-index',
      ddl: 'CREATE INDEX CONCURRENTLY deployments_status_idx ON deployments (status);',
      reason: '',
      verification: { by: 'none', why: 'Not tried.' },
      rejected: '(status, deployed_at DESC) is better: 0.41 ms against 88.20 ms.',
    },
  ],
  problems: [
    { code: 'unknown-key', message: 'The key "Flux" is not known; it is kept in the details.', line: 14 },
  ],
});

const evil = '</details><img src=x onerror=alert(1)>|`@team`\u001b[2J\u202e';

export const hostileReport: ProfileReport = reportOf(
  planOfNodes(
    [nodeOf({ id: '1', type: 'Seq Scan', relation: evil, alias: evil, details: { Filter: evil } })],
    { analyzed: false },
  ),
  {
    sql: `SELECT 1 -- ${evil}\n\`\`\`\n`,
    source: { name: evil },
    findings: [
      {
        ruleId: 'r',
        severity: 'warning',
        nodeId: '1',
        title: evil,
        detail: evil,
        evidence: { table: evil },
        fix: evil,
      },
    ],
    suggestions: [
      {
        id: 's1',
        kind: 'create-index',
        ddl: evil,
        reason: evil,
        undoDdl: evil,
        verification: { by: 'none', why: evil },
      },
    ],
    problems: [{ code: 'p', message: evil }],
  },
);
