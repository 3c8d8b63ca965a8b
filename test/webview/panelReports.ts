/** The reports that the panel is tried with: the guide's query as recorded, and the states that no good day shows. */
import { readFileSync } from 'node:fs';
import { readPlans } from '../../src/core/plan/readPlans.ts';
import type { PanelAbilities } from '../../src/shared/protocol.ts';
import type { Plan, PlanNode, ProfileReport } from '../../src/shared/report.ts';
import { nodeOf, noBuffers, planOfNodes, reportOf } from '../support/reports.ts';

export const allAbilities: PanelAbilities = {
  profileAgain: true,
  revealSource: true,
  copy: true,
  insert: true,
  apply: true,
  openRawPlan: true,
  saveImage: true,
};

const fixtures = new URL('../fixtures/plans/pg18/', import.meta.url);

export function recordedPlan(name: string): { readonly plan: Plan; readonly text: string } {
  const text = readFileSync(new URL(name, fixtures), 'utf8');
  const plan = readPlans(text).plans[0];
  if (plan === undefined) throw new Error(`${name} holds no plan.`);
  return { plan, text };
}

const slowSql = `SELECT
  m.model_name,
  mv.semver,
  d.status,
  d.deployed_at,
  e.environment_name
FROM deployments d
JOIN model_versions mv ON d.version_id = mv.version_id
JOIN models m ON mv.model_id = m.model_id
JOIN environments e ON d.environment_id = e.environment_id
WHERE d.deployed_at > NOW() - INTERVAL '30 days'
  AND d.status = 'healthy' -- the dashboard's
ORDER BY d.deployed_at DESC
LIMIT 50;`;

/** The guide's slow query, with what the engine finds in it. */
export function slowDeployments(): ProfileReport {
  const { plan, text } = recordedPlan('seed_slow_deployments.analyze.json');
  const indexed = recordedPlan('seed_slow_deployments_indexed.analyze.json').plan;
  const scan = nodeOn(plan, 'deployments');
  const versions = nodeOn(plan, 'model_versions');
  return reportOf(plan, {
    sql: slowSql,
    source: { name: 'reports.sql', line: 12 },
    server: { version: '18.4', environment: 'staging', connection: 'registry' },
    profiledAt: '2026-09-30T10:42:07.000Z',
    execution: 'read-only, rolled back',
    rawPlan: text,
    findings: [
      {
        ruleId: 'seq-scan-discards-rows',
        severity: 'critical',
        nodeId: scan.id,
        title: 'Sequential scan on deployments throws 98 % of its rows away',
        detail: '393,768 of 400,000 rows fail the filter, and every one of them was read.',
        evidence: { rowsRemoved: 393_768, rowsRead: 400_000, threshold: 0.9 },
        savableMs: 53,
        fix: 'An index on the filtered columns would read only what is kept.',
      },
      {
        ruleId: 'rows-removed-by-filter',
        severity: 'warning',
        nodeId: scan.id,
        title: 'Rows removed by filter',
        detail: 'For each row that is kept, 63 are thrown away.',
        evidence: { ratio: 63 },
        savableMs: 53,
      },
      {
        ruleId: 'seq-scan-every-process',
        severity: 'warning',
        nodeId: versions.id,
        title: 'Each process hashes all of model_versions',
        detail: '3 processes read 40,000 rows each to find 6,232.',
        evidence: { processes: 3 },
        savableMs: 24,
      },
    ],
    suggestions: [
      {
        id: 's1',
        kind: 'create-index',
        table: 'deployments',
        ddl: 'CREATE INDEX CONCURRENTLY deployments_status_deployed_at_idx\n  ON deployments (status, deployed_at DESC);',
        undoDdl: 'DROP INDEX CONCURRENTLY deployments_status_deployed_at_idx;',
        method: 'btree',
        columns: ['status', 'deployed_at DESC'],
        reason: 'status is compared with a constant, and deployed_at gives both the range and the order.',
        nodeId: scan.id,
        verification: { by: 'trial', ...compared(plan, indexed), planAfter: indexed },
        sizeBytes: 12_582_912,
        writeCost: 'every insert writes to it',
        overlaps: [],
      },
      {
        id: 's2',
        kind: 'create-index',
        table: 'deployments',
        ddl: 'CREATE INDEX CONCURRENTLY deployments_status_idx ON deployments (status);',
        reason: 'status is compared with a constant.',
        verification: { by: 'trial', costBefore: 9542.53, costAfter: 8110.2 },
        rejected: 'It is a prefix of the suggested index, which serves the order as well.',
      },
    ],
  });
}

/** The same, with the clause that its finding points at. */
export function withClause(): ProfileReport {
  const report = slowDeployments();
  const start = slowSql.indexOf('d.deployed_at > NOW()');
  const end = slowSql.indexOf(' -- the dashboard');
  const [first, ...rest] = report.findings;
  return { ...report, findings: [{ ...first!, sqlRange: { start, end } }, ...rest] };
}

/** A plan given as text, without its statement. */
export function textPlan(): ProfileReport {
  return reportOfRecorded('partition_append_all.analyze.txt');
}

/** What the product itself says of the guide's query on the sample database, as `profile --sample --format json` printed it. */
export function guideReport(): ProfileReport {
  const file = new URL('../fixtures/reports/guideSlowDeployments.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as ProfileReport;
}

/** A report on a recorded plan alone, as `plan FILE` makes it. */
export function reportOfRecorded(name: string, fields: Partial<ProfileReport> = {}): ProfileReport {
  const { plan, text } = recordedPlan(name);
  return reportOf(plan, { rawPlan: text, ...fields });
}

/** A chain of appends over scans: wide, and with names that want to be cut. */
export function bigPlan(nodeCount: number): ProfileReport {
  const nodes: PlanNode[] = [
    nodeOf({
      id: '0',
      type: 'Append',
      rows: nodeCount * 10,
      loops: 1,
      planRows: nodeCount * 10,
      totalMs: nodeCount,
      selfMs: 1,
      cost: nodeCount * 100,
      selfCost: 1,
      buffers: noBuffers,
      selfBuffers: noBuffers,
    }),
  ];
  for (let index = 1; index < nodeCount; index++) {
    const deep = index % 10;
    nodes.push(
      nodeOf({
        id: String(index),
        parentId: deep === 0 ? '0' : String(index - 1),
        type: deep === 9 ? 'Seq Scan' : 'Nested Loop',
        relation: `model_metrics_2026_${String(index).padStart(5, '0')}_with_a_name_that_goes_on_and_on`,
        rows: index * 13,
        loops: 1,
        planRows: index,
        rowsFactor: 13,
        totalMs: 1.5,
        selfMs: (index * 7919) % 97,
        cost: 100,
        selfCost: 100,
        buffers: noBuffers,
        selfBuffers: noBuffers,
      }),
    );
  }
  return reportOf(planOfNodes(nodes, { executionMs: nodeCount * 50 }), {
    sql: `SELECT ${Array.from({ length: 80 }, (_, index) => `column_number_${index}`).join(', ')} FROM model_metrics`,
    profiledAt: '2026-09-30T10:42:07.000Z',
  });
}

/** A day of metrics in each partition, the last ones never read, one of them slow. */
export function partitioned(count: number): ProfileReport {
  const idle = Math.floor(count / 10);
  const scans = Array.from({ length: count }, (_, index): PlanNode => {
    const neverExecuted = index >= count - idle;
    const selfMs = index === 4 ? 21.5 : 0.25;
    const blocks = { ...noBuffers, sharedHit: 12, sharedRead: index === 4 ? 900 : 3 };
    const read: Partial<PlanNode> = {
      totalMs: selfMs,
      selfMs,
      rows: 40,
      loops: 1,
      rowsFactor: 2,
      rowsRemoved: 960,
      buffers: blocks,
      selfBuffers: blocks,
    };
    return nodeOf({
      id: String(index + 2),
      parentId: '1',
      relationship: 'Member',
      type: index % 4 === 3 ? 'Index Scan' : 'Seq Scan',
      relation: `metrics_${String(index + 1).padStart(4, '0')}`,
      alias: `m_${index + 1}`,
      planRows: 20,
      cost: 40,
      selfCost: 40,
      neverExecuted,
      details: { Filter: "(m.name = 'latency'::text)" },
      ...(index % 4 === 3 ? { index: `metrics_${String(index + 1).padStart(4, '0')}_at_idx` } : {}),
      ...(neverExecuted ? {} : read),
    });
  });
  const ran = count - idle;
  const belowMs = scans.reduce((sum, { selfMs = 0 }) => sum + selfMs, 0);
  const all = { ...noBuffers, sharedHit: 12 * ran, sharedRead: 3 * ran + (ran > 4 ? 897 : 0) };
  const above = { rows: 40 * ran, loops: 1, planRows: 20 * count, cost: 40 * count };
  return reportOf(
    planOfNodes(
      [
        nodeOf({
          ...above,
          id: '0',
          type: 'Aggregate',
          rows: 1,
          totalMs: belowMs + 3,
          selfMs: 2,
          selfCost: 10,
          buffers: all,
          selfBuffers: noBuffers,
        }),
        nodeOf({
          ...above,
          id: '1',
          parentId: '0',
          type: 'Append',
          totalMs: belowMs + 1,
          selfMs: 1,
          selfCost: 5,
          buffers: all,
          selfBuffers: noBuffers,
        }),
        ...scans,
      ],
      { executionMs: belowMs + 4, planningMs: 18.2 },
    ),
    {
      sql: "SELECT count(*) FROM metrics m WHERE m.name = 'latency';",
      profiledAt: '2026-09-30T10:42:07.000Z',
      findings: [
        {
          ruleId: 'seq-scan-discards-rows',
          severity: 'warning',
          nodeId: '6',
          title: 'Sequential scan on metrics_0005 throws 96 % of its rows away',
          detail: '960 of 1,000 rows fail the filter.',
          evidence: { rowsRemoved: 960 },
        },
      ],
    },
  );
}

/** Every text that a server can name is one that a browser could run. */
export function hostileReport(): ProfileReport {
  const evil = '"><img src=x onerror="globalThis.hacked=1"></script><script>globalThis.hacked=1</script>';
  return reportOf(
    planOfNodes(
      [
        nodeOf({
          type: evil,
          relation: evil,
          alias: `${evil}2`,
          index: evil,
          schema: evil,
          subplanName: evil,
          rows: 1,
          loops: 1,
          totalMs: 5,
          selfMs: 5,
          details: { Filter: evil, [evil]: evil, Output: [evil] },
        }),
      ],
      { executionMs: 5, settings: { [evil]: evil }, triggers: [{ name: evil, ms: 1, calls: 1 }] },
    ),
    {
      sql: evil,
      rawPlan: evil,
      source: { name: evil },
      server: { version: evil, connection: evil },
      findings: [
        {
          ruleId: evil,
          severity: 'critical',
          nodeId: '0',
          title: evil,
          detail: evil,
          evidence: { [evil]: evil },
          fix: evil,
        },
      ],
      suggestions: [
        {
          id: evil,
          kind: 'create-index',
          ddl: evil,
          reason: evil,
          verification: { by: 'none', why: evil },
          writeCost: evil,
          overlaps: [evil],
        },
      ],
      problems: [{ code: evil, message: evil }],
    },
  );
}

function nodeOn(plan: Plan, relation: string): PlanNode {
  const node = plan.nodes.find((each) => each.relation === relation);
  if (node === undefined) throw new Error(`The plan does not read ${relation}.`);
  return node;
}

/** The figures of a trial, taken from the two plans. */
function compared(before: Plan, after: Plan) {
  const figures = (plan: Plan) => ({
    cost: plan.nodes[0]?.cost ?? 0,
    ms: plan.executionMs ?? 0,
    buffers: plan.nodes[0]?.buffers?.sharedHit ?? 0,
  });
  const [was, is] = [figures(before), figures(after)];
  return {
    costBefore: was.cost,
    costAfter: is.cost,
    msBefore: was.ms,
    msAfter: is.ms,
    buffersBefore: was.buffers,
    buffersAfter: is.buffers,
  };
}

const timed = { rows: 100, loops: 1, planRows: 100, totalMs: 1, selfMs: 1, cost: 10, selfCost: 10 } as const;

/** One append over so many partitions. */
export function widePlan(leaves: number): ProfileReport {
  const scans = Array.from({ length: leaves }, (_, index) =>
    nodeOf({
      ...timed,
      id: String(index + 1),
      parentId: '0',
      type: 'Seq Scan',
      relation: `metrics_p${index}`,
    }),
  );
  const root = nodeOf({ ...timed, type: 'Append', totalMs: leaves + 1, cost: 10 * leaves + 10 });
  return reportOf(planOfNodes([root, ...scans], { executionMs: leaves + 1 }));
}

/** An Append over so many Gathers `g0`, `g1`, …, each over a scan `s0`, `s1`, … of two workers; the later, the longer. */
export function gatheredPlan(gathers: number): ProfileReport {
  const branches = Array.from({ length: gathers }, (_, index) => {
    const ms = index + 1;
    const workers = [0, 1].map((number) => ({ number, ms, rows: 30, loops: 1, details: {} }));
    const scan = { type: 'Seq Scan', rows: 100, loops: 3, processes: 3, totalMs: ms, workers };
    return [
      nodeOf({ ...timed, id: `g${index}`, parentId: '0', type: 'Gather', totalMs: ms }),
      nodeOf({ ...scan, id: `s${index}`, parentId: `g${index}`, relation: `metrics_p${index}` }),
    ];
  });
  const root = nodeOf({ ...timed, type: 'Append', totalMs: gathers * gathers });
  return reportOf(planOfNodes([root, ...branches.flat()], { executionMs: gathers * gathers }));
}

/** A chain of so many steps. */
export function deepPlan(levels: number): ProfileReport {
  const nodes = Array.from({ length: levels }, (_, index) =>
    nodeOf({
      ...timed,
      id: String(index),
      parentId: index === 0 ? null : String(index - 1),
      type: index === levels - 1 ? 'Seq Scan' : 'Subquery Scan',
      totalMs: levels - index,
      cost: 10 * (levels - index),
    }),
  );
  return reportOf(planOfNodes(nodes, { executionMs: levels }));
}
