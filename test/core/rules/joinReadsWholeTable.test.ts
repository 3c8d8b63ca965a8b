/** The rule on large tables that are read whole for a join with few rows. */
import { rawNode } from '../../support/plans.ts';
import { describeRule, type Raw } from '../../support/findings.ts';

const below = (type: string, relationship: string, fields: Raw = {}) =>
  rawNode(type, { 'Parent Relationship': relationship, ...fields });

const withoutTimes = ({ root }: { readonly root: Raw }) => ({
  root: JSON.parse(JSON.stringify(root).replaceAll('Actual Total Time', 'X')) as Raw,
});

/** A large table joined with a few rows: `kept` of its rows find a partner. */
const joined = (kept: number, others: number, large: Raw = {}, more: Raw = {}, other: Raw = {}) => ({
  root: rawNode('Hash Join', {
    'Actual Total Time': 400,
    'Actual Rows': kept,
    'Hash Cond': '(o.customer_id = c.id)',
    ...more,
    Plans: [
      below('Seq Scan', 'Outer', {
        'Relation Name': 'orders',
        Alias: 'o',
        'Actual Rows': 100_000,
        'Actual Total Time': 300,
        ...large,
      }),
      below('Hash', 'Inner', {
        'Actual Rows': others,
        'Plan Rows': others,
        'Actual Total Time': 1,
        Plans: [below('Index Scan', 'Outer', { 'Relation Name': 'customers', Alias: 'c' })],
        ...other,
      }),
    ],
  }),
});

describeRule('join-reads-whole-table', {
  fires: {
    ...joined(3, 1),
    sql: 'select * from orders o join customers c on o.customer_id = c.id where c.email = $1',
  },
  firesToo: {
    'without times': withoutTimes(joined(3, 1)),
    'just below both shares': joined(1999, 999),
    'a filter that keeps most': joined(3, 1, { 'Rows Removed by Filter': 100_000 }),
    'compared pair by pair': joined(
      3,
      1,
      {},
      { 'Node Type': 'Nested Loop', 'Hash Cond': undefined, 'Join Filter': '(o.customer_id = c.id)' },
    ),
    'the large table hashed': {
      root: rawNode('Hash Join', {
        'Actual Rows': 3,
        'Actual Total Time': 400,
        'Hash Cond': '(c.id = o.customer_id)',
        Plans: [
          below('Index Scan', 'Outer', { 'Relation Name': 'customers', Alias: 'c' }),
          below('Hash', 'Inner', {
            'Actual Rows': 100_000,
            Plans: [
              below('Seq Scan', 'Outer', { 'Actual Rows': 100_000, 'Relation Name': 'orders', Alias: 'o' }),
            ],
          }),
        ],
      }),
    },
  },
  silent: {
    'the join keeps a fiftieth': joined(2000, 1),
    'many rows on the other side are right to be hashed': joined(3, 1000),
    'they were expected: the estimate is to blame': joined(3, 1, {}, {}, { 'Plan Rows': 1000 }),
    'a small table': joined(3, 1, { 'Actual Rows': 9999 }),
    'a filter of its own removes most': joined(3, 1, { 'Rows Removed by Filter': 100_001 }),
    'an index scan': joined(3, 1, { 'Node Type': 'Index Scan' }),
    'no equality': joined(3, 1, {}, { 'Hash Cond': undefined, 'Join Filter': '(o.customer_id > c.id)' }),
    'an expression of the column': joined(3, 1, {}, { 'Hash Cond': '((o.customer_id % 7) = c.id)' }),
    'condition not printed': joined(3, 1, {}, { 'Hash Cond': undefined }),
  },
});
