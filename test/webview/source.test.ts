/** What of a statement belongs to which nodes: only what is certain is marked. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readPlans } from '../../src/core/plan/readPlans.ts';
import type { Plan, PlanNode } from '../../src/shared/report.ts';
import { rangesOfNodes } from '../../webview/nodeRanges.ts';
import { segmentsOf, sourceMarks } from '../../webview/sourceMarks.ts';
import { tableReferences } from '../../webview/tableReferences.ts';
import { nodeOf, planOfNodes } from '../support/reports.ts';
import { partitioned, withClause } from './panelReports.ts';

/** References as "schema.table alias", with how often the alias is used. */
function checkReferences(sql: string, expected: readonly string[]): void {
  test(sql, () => {
    assert.deepEqual(
      tableReferences(sql).map(
        ({ schema, table, alias, uses }) =>
          `${schema === undefined ? '' : `${schema}.`}${table} ${alias}${uses.length > 0 ? ` ×${uses.length}` : ''}`,
      ),
      expected,
    );
  });
}

checkReferences('SELECT 1', []);
checkReferences('select o.id from Orders o where o.x = 1', ['orders o ×2']);
checkReferences('SELECT * FROM shop."Order Lines" AS "L", b JOIN c ON true', [
  'shop.Order Lines L',
  'b b',
  'c c',
]);
checkReferences('SELECT * FROM generate_series(1, 3) g, LATERAL (SELECT g) s, t', []);
checkReferences("SELECT 'FROM a' -- FROM b\nFROM c", ['c c']);
checkReferences('SELECT * FROM a WHERE x IS DISTINCT FROM y FOR UPDATE OF a', ['a a']);
checkReferences('INSERT INTO t (x) SELECT x FROM s', ['t t', 's s']);
checkReferences('UPDATE ONLY t SET x = u.x FROM u', ['t t', 'u u ×1']);
checkReferences('DELETE FROM t USING u WHERE t.id = u.id', ['t t ×1', 'u u ×1']);
checkReferences('SELECT o.x FROM a o UNION SELECT o.x FROM b o', ['a o', 'b o']);
checkReferences('SELECT o.x FROM a o, (SELECT 1 AS x) AS o2 JOIN (SELECT 2) o ON o.x = 1', ['a o']);
checkReferences('SELECT * FROM größe g', ['größe g']);
checkReferences('SELECT * FROM a TABLESAMPLE system (1)', ['a a']);
checkReferences('SELECT * FROM', []);

const scan = (id: string, relation: string, alias: string, fields: Partial<PlanNode> = {}) =>
  nodeOf({ id, parentId: id === '0' ? null : '0', type: 'Seq Scan', relation, alias, ...fields });

/** Marks as "text → nodes". */
function check(title: string, sql: string, plan: Plan, expected: readonly string[]): void {
  test(title, () => {
    assert.deepEqual(
      sourceMarks(sql, plan, []).map(
        ({ start, end, nodeIds }) => `${sql.slice(start, end)} → ${nodeIds.join()}`,
      ),
      expected,
    );
  });
}

check('a table and its uses', 'SELECT o.id FROM orders o', planOfNodes([scan('0', 'orders', 'o')]), [
  'orders o → 0',
  'o → 0',
]);
check(
  'a table read twice cannot be told apart',
  'SELECT 1 FROM orders, (SELECT 1 FROM orders) s',
  planOfNodes([scan('0', 'orders', 'orders'), scan('1', 'orders', 'orders_1')]),
  [],
);
check(
  'nor one that a view reads, too',
  'SELECT 1 FROM orders, a_view',
  planOfNodes([scan('0', 'orders', 'orders'), scan('1', 'orders', 'orders_1')]),
  [],
);
check(
  'by two nodes',
  'DELETE FROM t',
  planOfNodes([scan('0', 't', 't', { type: 'ModifyTable' }), scan('1', 't', 't')]),
  ['t → 0,1'],
);
check('another schema', 'SELECT 1 FROM a.t', planOfNodes([scan('0', 't', 't', { schema: 'b' })]), []);
check('another table of that name', 'SELECT 1 FROM v o', planOfNodes([scan('0', 'orders', 'o')]), []);
check('partitions', 'SELECT 1 FROM metrics m', partitioned(4).plan, ['metrics m → 2,3,4,5']);
check(
  'an alias that looks like a partition',
  'SELECT 1 FROM metrics m JOIN other m_1 ON true',
  planOfNodes([scan('0', 'other', 'm_1')]),
  ['other m_1 → 0'],
);
check(
  'a CTE',
  'WITH c AS (SELECT 1) SELECT * FROM c',
  planOfNodes([nodeOf({ type: 'CTE Scan', alias: 'c', details: { 'CTE Name': 'c' } })]),
  ['c → 0'],
);

test('clauses that findings point at, with what lies in them', () => {
  const { sql = '', plan, findings } = withClause();
  const marks = sourceMarks(sql, plan, findings);
  const clause = marks.find(({ kind }) => kind === 'clause');
  assert.deepEqual(clause?.nodeIds, ['6']);
  const segments = segmentsOf(sql.length, marks);
  assert.equal(segments.map(({ start, end }) => sql.slice(start, end)).join(''), sql);
  const inside = segments.filter((segment) => segment.marks.includes(clause));
  assert.deepEqual(
    inside
      .filter((segment) => segment.marks.length === 2)
      .map(({ start, end, marks: [innermost] }) => `${sql.slice(start, end)} ${innermost?.kind}`),
    ['d table', 'd table'],
  );
});

/** The type as each format writes it, where a node's part of the text begins. */
const beginnings: Readonly<Record<Plan['format'], (node: PlanNode) => RegExp>> = {
  text: () => /./,
  json: ({ type }) => new RegExp(`^\\{\\s*"Node Type": "${type}"`),
  xml: ({ type }) => new RegExp(`^<Plan>\\s*<Node-Type>${type}</Node-Type>`),
  yaml: ({ type }) => new RegExp(`^Node Type: "${type}"`),
};

for (const [format, ending] of [
  ['text', '.txt'],
  ['json', '.json'],
  ['xml', '.xml'],
  ['yaml', '.yaml'],
] as const) {
  test(`in recorded ${format} plans each node is found in the text, or none is`, () => {
    const folder = new URL('../fixtures/plans/', import.meta.url);
    let plans = 0;
    let certain = 0;
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith(ending)) continue;
      const text = readFileSync(new URL(file.replaceAll('\\', '/'), folder), 'utf8');
      const plan = readPlans(text).plans[0];
      if (plan === undefined) continue;
      plans++;
      const ranges = rangesOfNodes(text, plan);
      if (ranges === undefined) continue;
      certain++;
      assert.equal(ranges.length, plan.nodes.length);
      for (const [index, node] of plan.nodes.entries()) {
        const part = text.slice(ranges[index]!.start, ranges[index]!.end);
        assert.match(part, beginnings[format](node), file);
        assert.ok(node.relation === undefined || part.includes(node.relation), `${file}: ${part}`);
        assert.ok(node.index === undefined || part.includes(node.index), `${file}: ${part}`);
        // Nothing of a child.
        assert.ok((part.match(/Node.Type["<>]*:? ?/g)?.length ?? 0) <= (format === 'xml' ? 2 : 1), part);
      }
    }
    assert.ok(plans > 20 && certain > plans * 0.9, `${certain} of ${plans}`);
  });
}

test('JSON whose keys were sorted, as jsonb does, is told by where its objects begin', () => {
  const text =
    '[{"Plan": {"Plans": [{"Node Type": "Seq Scan", "Total Cost": 1, "Relation Name": "a"},' +
    ' {"Node Type": "Seq Scan", "Total Cost": 1, "Relation Name": "b"}], "Node Type": "Append", "Total Cost": 2}}]';
  const plan = readPlans(text).plans[0]!;
  assert.deepEqual(
    rangesOfNodes(text, plan)?.map(({ start, end }) => text.slice(start, end)),
    [
      '"Append", "Total Cost": 2}',
      '{"Node Type": "Seq Scan", "Total Cost": 1, "Relation Name": "a"}',
      '{"Node Type": "Seq Scan", "Total Cost": 1, "Relation Name": "b"}',
    ],
  );
});

test('a text that is not that of the plan has no parts', () => {
  const { plans } = readPlans('Seq Scan on a  (cost=0.00..1.00 rows=1 width=4)');
  assert.equal(rangesOfNodes('Seq Scan on b  (cost=0.00..1.00 rows=1 width=4)', plans[0]!), undefined);
  const json = (type: string) => `[{"Plan": {"Node Type": "${type}", "Total Cost": 1}}]`;
  assert.equal(rangesOfNodes(json('Sort'), readPlans(json('Limit')).plans[0]!), undefined);
});
