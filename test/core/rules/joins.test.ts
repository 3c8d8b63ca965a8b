/** Rules on joins, sub-queries and CTEs. */
import { rawNode } from '../../support/plans.ts';
import { describeRule, type Raw } from '../../support/findings.ts';

const below = (type: string, relationship: string, fields: Raw = {}) =>
  rawNode(type, { 'Parent Relationship': relationship, ...fields });
const withoutTimes = ({ root }: { readonly root: Raw }) => ({
  root: JSON.parse(JSON.stringify(root).replaceAll('Actual Total Time', 'X')) as Raw,
});

/** Every row of one side meets every row of the other: `kept` of the pairs remain. */
const product = (outerRows: number, innerRows: number, kept: number, more: Raw = {}, inner: Raw = {}) => ({
  root: rawNode('Nested Loop', {
    'Actual Total Time': 300,
    'Actual Rows': kept,
    'Join Type': 'Inner',
    'Join Filter': '(a.team_id <> b.team_id)',
    'Rows Removed by Join Filter': outerRows * innerRows - kept,
    ...more,
    Plans: [
      below('Seq Scan', 'Outer', { 'Actual Rows': outerRows, 'Relation Name': 'models', Alias: 'a' }),
      below('Materialize', 'Inner', {
        'Actual Rows': innerRows,
        'Actual Loops': outerRows,
        'Actual Total Time': 100 / outerRows,
        ...inner,
      }),
    ],
  }),
});

describeRule('join-without-selective-condition', {
  fires: {
    ...product(1000, 100, 95_000),
    sql: 'select count(*) from models a, models b where a.team_id <> b.team_id',
  },
  firesToo: {
    'no condition at all': product(1000, 100, 100_000, { 'Join Filter': undefined }),
    'a scan without conditions': product(1000, 100, 100_000, {}, { 'Node Type': 'Seq Scan' }),
    'without times': withoutTimes(product(1000, 100, 95_000)),
    'planned only': {
      root: rawNode('Nested Loop', {
        'Plan Rows': 4_000_000,
        'Actual Rows': undefined,
        'Actual Loops': undefined,
        Plans: [
          below('Seq Scan', 'Outer', { 'Plan Rows': 2000 }),
          below('Materialize', 'Inner', { 'Plan Rows': 2000 }),
        ],
      }),
    },
  },
  silent: {
    'fewer pairs': product(999, 100, 95_000),
    'less than a tenth kept': product(1000, 100, 9999),
    'a single row multiplies nothing': product(200_000, 1, 200_000),
    'the inner side depends on the outer row': product(
      1000,
      100,
      100_000,
      {},
      { 'Node Type': 'Index Scan', 'Index Cond': '(id = a.id)' },
    ),
    'a semi join stops at the first match': product(1000, 100, 1000, { 'Join Type': 'Semi' }),
  },
});

describeRule('or-in-join', {
  fires: {
    ...product(1000, 100, 90_000, { 'Join Filter': '((a.id = b.id) OR (a.alias_id = b.id))' }),
    sql: 'select * from models a join models b on a.id = b.id or a.alias_id = b.id',
  },
  silent: {
    '9,999 pairs removed': product(1000, 100, 90_001, {
      'Join Filter': '((a.id = b.id) OR (a.alias_id = b.id))',
    }),
    'an OR over one side': product(1000, 100, 90_000, { 'Join Filter': '((a.id = 3) OR (a.id = 7))' }),
    'an equality': product(1000, 100, 90_000, { 'Join Filter': '(a.id = b.id)' }),
  },
});

const hashJoin = (sideRows: number, rows: number) => ({
  root: rawNode('Hash Join', {
    'Actual Total Time': 900,
    'Actual Rows': rows,
    'Hash Cond': '(a.kind = b.kind)',
    Plans: [
      below('Seq Scan', 'Outer', { 'Actual Rows': sideRows, Alias: 'a' }),
      below('Hash', 'Inner', { 'Actual Rows': 500 }),
    ],
  }),
});

describeRule('join-multiplies-rows', {
  fires: { ...hashJoin(100_000, 1_000_000), sql: 'select * from t a join t b on a.kind = b.kind' },
  silent: {
    'less than a million rows': hashJoin(1000, 999_999),
    'less than ten times the larger side': hashJoin(100_001, 1_000_000),
    'nested loops are judged otherwise': product(1000, 1000, 1_000_000),
  },
});

const subplan = (runs: number, more: Raw = {}) => ({
  root: rawNode('Seq Scan', {
    'Relation Name': 'models',
    'Actual Rows': runs,
    'Actual Total Time': 500,
    Plans: [
      below('Aggregate', 'SubPlan', {
        'Subplan Name': 'SubPlan 1',
        'Actual Loops': runs,
        'Actual Total Time': 400 / runs,
        Plans: [
          below('Index Scan', 'Outer', {
            'Relation Name': 'model_versions',
            'Actual Loops': runs,
            'Actual Total Time': 390 / runs,
          }),
        ],
        ...more,
      }),
    ],
  }),
});

describeRule('correlated-subplan', {
  fires: {
    ...subplan(10),
    sql: 'select id, (select count(*) from model_versions v where v.model_id = m.id) from models m',
  },
  firesToo: { 'without times': withoutTimes(subplan(10)) },
  silent: {
    'nine runs': subplan(9),
    'an InitPlan runs once': subplan(10, { 'Parent Relationship': 'InitPlan', 'Subplan Name': 'InitPlan 1' }),
    'three processes that ran a hashed one': {
      root: rawNode('Gather', {
        'Actual Total Time': 500,
        Plans: [
          below('Seq Scan', 'Outer', {
            'Actual Loops': 3,
            'Actual Total Time': 450,
            Plans: [
              below('Seq Scan', 'SubPlan', {
                'Subplan Name': 'SubPlan 1',
                'Actual Loops': 12,
                'Actual Total Time': 5,
              }),
            ],
          }),
        ],
      }),
    },
    'planned only': {
      root: JSON.parse(JSON.stringify(subplan(10).root).replaceAll('Actual Loops', 'X')) as Raw,
    },
  },
});

/** A scan of 100 ms that tests NOT IN over a list of so many rows. */
const notIn = (rows: number, filter: string, more: Raw = {}) => ({
  root: rawNode('Seq Scan', {
    'Relation Name': 'deployments',
    Alias: 'deployments',
    'Actual Rows': 75_000,
    'Actual Total Time': 100,
    Filter: filter,
    Plans: [
      below('Seq Scan', 'SubPlan', {
        'Relation Name': 'model_versions',
        'Subplan Name': 'SubPlan 1',
        'Actual Rows': rows,
        'Actual Total Time': 12,
        ...more,
      }),
    ],
  }),
});
const hashed = '(NOT (ANY (deployments.version_id = (hashed SubPlan 1).col1)))';
const plain = '(NOT (ANY (deployments.version_id = (SubPlan 1).col1)))';

describeRule('not-in-subplan', {
  fires: {
    ...notIn(1000, hashed),
    sql: "select count(*) from deployments where version_id not in (select version_id from model_versions) and note <> ''",
  },
  firesToo: {
    'as PostgreSQL 16 prints it': notIn(1000, '(NOT (hashed SubPlan 1))'),
    'beside other tests': notIn(1000, `((deployments.id > 7) AND ${hashed})`),
    'of two columns': notIn(
      1000,
      '(NOT (ANY ((deployments.a = (hashed SubPlan 1).col1) AND (deployments.b = (hashed SubPlan 1).col2))))',
    ),
    'run again for each row': notIn(10, plain, { 'Actual Loops': 10, 'Actual Total Time': 9 }),
    'the same in PostgreSQL 16, told by its Materialize': notIn(10, '(NOT (SubPlan 1))', {
      'Node Type': 'Materialize',
      'Actual Loops': 10,
      'Actual Total Time': 9,
    }),
  },
  silent: {
    'a short list': notIn(999, hashed),
    'nine runs over the list': notIn(10, plain, { 'Actual Loops': 9, 'Actual Total Time': 9 }),
    'IN becomes a join by itself, or is meant': notIn(
      1000,
      '(ANY (deployments.version_id = (hashed SubPlan 1).col1))',
    ),
    'perhaps a NOT EXISTS of PostgreSQL 16': notIn(10, '(NOT (SubPlan 1))', {
      'Actual Loops': 10,
      'Actual Total Time': 9,
    }),
    'another sub-plan': notIn(1000, '(NOT (ANY (deployments.version_id = (hashed SubPlan 2).col1)))'),
  },
});

const cte = (kept: number, removed: number, reader: Raw = {}, body: Raw = {}) => ({
  root: rawNode('CTE Scan', {
    'CTE Name': 'recent',
    'Actual Rows': kept,
    'Rows Removed by Filter': removed,
    Filter: '(recent.version_id = 7)',
    'Actual Total Time': 100,
    ...reader,
    Plans: [
      below('Seq Scan', 'InitPlan', {
        'Subplan Name': 'CTE recent',
        'Relation Name': 'deployments',
        'Actual Rows': kept + removed,
        'Actual Total Time': 80,
        ...body,
      }),
    ],
  }),
});

describeRule('cte-materialized-needlessly', {
  fires: {
    ...cte(250, 1000),
    sql: 'with recent as materialized (select * from deployments) select * from recent where version_id = 7',
  },
  silent: {
    'a row less discarded than four fifths': cte(251, 1000),
    'too few rows to matter': cte(1, 999),
    'recursive ones cannot be inlined': cte(250, 1000, {}, { 'Node Type': 'Recursive Union' }),
    'nor those that write': cte(250, 1000, {}, { 'Node Type': 'ModifyTable', Operation: 'Insert' }),
    'not its reader': cte(250, 1000, { 'CTE Name': 'other' }),
    'one of two readers wants all': {
      root: rawNode('Nested Loop', {
        'Actual Total Time': 200,
        Plans: [
          {
            ...cte(250, 1000).root,
            'Parent Relationship': 'Outer',
          },
          below('CTE Scan', 'Inner', { 'CTE Name': 'recent', 'Actual Rows': 1250 }),
        ],
      }),
    },
  },
});

/** Two arms that group the same table. */
const twice = (ms: number, second: Raw = {}, scan: Raw = {}) => ({
  root: rawNode('Hash Join', {
    'Actual Total Time': 100 + ms,
    Plans: [0, 1].map((arm) =>
      below('Aggregate', arm === 0 ? 'Outer' : 'Inner', {
        'Actual Total Time': arm === 0 ? ms : ms - 1,
        Plans: [
          below('Seq Scan', 'Outer', {
            'Relation Name': 'deployments',
            Alias: arm === 0 ? 'd' : 'd_1',
            Filter: arm === 0 ? '(d.kind = 3)' : '(d_1.kind = 3)',
            'Actual Rows': 400,
            ...scan,
          }),
        ],
        ...(arm === 0 ? {} : second),
      }),
    ),
  }),
});
const inlined = 'with busy as not materialized (select kind from deployments d where kind = 3 group by 1)';

describeRule('repeated-work', {
  fires: twice(40),
  silent: {
    'less than a tenth of the time': twice(11),
    'other rows': twice(40, { 'Actual Rows': 2 }),
    'another condition': {
      root: JSON.parse(JSON.stringify(twice(40).root).replace('d_1.kind = 3', 'd_1.kind = 4')) as Raw,
    },
    'another table': {
      root: JSON.parse(
        JSON.stringify(twice(40).root).replace('"Relation Name":"deployments"', '"Relation Name":"models"'),
      ) as Raw,
    },
    'stored already': twice(40, {}, { 'Node Type': 'CTE Scan', 'Relation Name': undefined, 'CTE Name': 'c' }),
    'a whole table hashed twice': {
      root: JSON.parse(
        JSON.stringify(twice(40, {}, { Filter: undefined }).root).replaceAll('Aggregate', 'Hash'),
      ) as Raw,
    },
    'inlined: the CTE is named': {
      ...twice(40),
      sql: `${inlined} select from busy a join busy b using (kind)`,
    },
  },
});

describeRule('cte-inlined-repeatedly', {
  fires: { ...twice(40), sql: `${inlined} select from busy a join busy b using (kind)` },
  silent: {
    'less than a tenth of the time': {
      ...twice(11),
      sql: `${inlined} select from busy a join busy b using (kind)`,
    },
    'no CTE': { ...twice(40), sql: 'select from deployments a join deployments b using (kind)' },
    'another table': {
      ...twice(40),
      sql: 'with busy as not materialized (select from models) select from busy a, busy b',
    },
    'no statement': twice(40),
  },
});
