/** Rules on what comes before, after and beside the plan. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planOf, planOfRaw, rawNode } from '../../support/plans.ts';
import { describeRule, findingsOf, type Raw } from '../../support/findings.ts';

const below = (type: string, relationship: string, fields: Raw = {}) =>
  rawNode(type, { 'Parent Relationship': relationship, ...fields });

const timed = (ms: number, top: Raw = {}) => ({
  root: rawNode('Seq Scan', { 'Actual Total Time': ms }),
  top,
});

test('a trigger is told to have run after the rows were written only where its time explains the gap', () => {
  const runs = (executionMs: number, ...times: readonly number[]) =>
    planOfRaw(rawNode('ModifyTable', { 'Actual Total Time': 50 }), {
      'Execution Time': executionMs,
      Triggers: times.map((ms, i) => ({ 'Trigger Name': `t${i}`, Time: ms, Calls: 1 })),
    }).triggers.map((trigger) => trigger.runs ?? 'not told');
  assert.deepEqual(runs(150.2, 100), ['after the root']);
  assert.deepEqual(runs(50.2, 30), ['inside the root']);
  assert.deepEqual(runs(50.2, 30, 0.01), ['inside the root', 'not told']);
  assert.deepEqual(runs(150.2, 100, 0.01), ['after the root', 'not told']);
  assert.deepEqual(
    runs(150, 20, 20, 20, 20, 20),
    Array.from({ length: 5 }, () => 'after the root'),
  );
});

test('a trigger’s fix is one that its kind can have', () => {
  const fixOf = (rootMs: number, executionMs: number | undefined) =>
    findingsOf(
      planOfRaw(rawNode('ModifyTable', { 'Actual Total Time': rootMs }), {
        'Execution Time': executionMs,
        Triggers: [{ 'Trigger Name': 't', Time: 30, Calls: 20 }],
      }),
      'trigger-time',
    )[0]?.fix ?? '';
  assert.match(fixOf(10, 40.1), /^Make it FOR EACH STATEMENT, with REFERENCING NEW TABLE/);
  assert.doesNotMatch(fixOf(40, 40.1), /REFERENCING/, 'BEFORE triggers have no transition tables');
  assert.match(fixOf(40, undefined), /If it is an AFTER trigger/);
});

test('a foreign key’s fix is one for what the statement does', () => {
  const fixOf = (operation: string) =>
    findingsOf(
      planOfRaw(rawNode('ModifyTable', { Operation: operation, 'Actual Total Time': 10 }), {
        'Execution Time': 40,
        Triggers: [
          { 'Trigger Name': 'RI_ConstraintTrigger_c_1', 'Constraint Name': 'fk', Time: 30, Calls: 200 },
        ],
      }),
      'trigger-time',
    )[0]?.fix ?? '';
  assert.match(
    fixOf('Insert'),
    /^Each row is looked up .* load much data before the constraint is created\.$/,
  );
  assert.match(fixOf('Update'), /^Each changed key is looked up .* is not bloated\.$/);
  assert.match(fixOf('Delete'), /^Each deleted key is looked up .* is not bloated\.$/);
});

describeRule('slow-execution', {
  fires: timed(1000.1),
  firesToo: { 'the execution time counts, triggers and all': timed(10, { 'Execution Time': 6000 }) },
  silent: {
    'at the limit': timed(1000),
    'not timed': { root: rawNode('Seq Scan', { 'Actual Total Time': undefined }) },
  },
});

test('the parts of a distributed query are a step to begin with, together', () => {
  const [finding] = findingsOf(planOf('citus13/set_operations.analyze'), 'slow-execution');
  assert.match(
    finding?.fix ?? '',
    /^Begin with the step that takes most: the 2 parts of the distributed query that came first, 623\.3 ms/,
  );
});

const insert = (trigger: Raw, executionMs = 100) => ({
  root: rawNode('ModifyTable', { Operation: 'Insert', 'Relation Name': 'audited', 'Actual Total Time': 40 }),
  top: { 'Execution Time': executionMs, Triggers: [{ Relation: 'audited', Calls: 20, ...trigger }] },
});

describeRule('trigger-time', {
  fires: insert({ 'Trigger Name': 'audited_ai', Time: 50 }),
  firesToo: {
    'a millisecond': insert({ 'Trigger Name': 'audited_ai', Time: 1 }, 2),
    'a foreign key that is looked up': insert({
      'Trigger Name': 'RI_ConstraintTrigger_c_16427',
      'Constraint Name': 'audited_fk',
      Time: 50,
    }),
  },
  silent: {
    'less than a tenth of the time': insert({ 'Trigger Name': 'audited_ai', Time: 9.9 }),
    'not timed': insert({ 'Trigger Name': 'audited_ai', Time: undefined }),
    'less than a millisecond': insert({ 'Trigger Name': 'audited_ai', Time: 0.99 }, 1.5),
    'a cascade without an index says more': insert({
      'Trigger Name': 'RI_ConstraintTrigger_a_16427',
      'Constraint Name': 'audited_fk',
      Time: 50,
    }),
  },
});

const remove = (ms: number, calls: number, name = 'RI_ConstraintTrigger_a_16427', operation = 'Delete') => ({
  root: rawNode('ModifyTable', { Operation: operation, 'Relation Name': 'models', 'Actual Total Time': 5 }),
  top: {
    'Execution Time': 5 + ms,
    Triggers: [
      {
        ...(name !== '' && { 'Trigger Name': name }),
        'Constraint Name': 'versions_model_fk',
        Relation: 'models',
        Time: ms,
        Calls: calls,
      },
    ],
  },
});

describeRule('foreign-key-unindexed', {
  fires: remove(200, 200),
  firesToo: {
    'short TEXT names the constraint only': remove(200, 200, ''),
    'an update of what others point to': remove(200, 200, '', 'Update'),
  },
  silent: {
    'less than 1 ms for each row': remove(200, 201),
    'less than 10 ms': remove(9.9, 1),
    'the other end of the key has an index': remove(200, 100, 'RI_ConstraintTrigger_c_16427'),
    'a trigger of the user’s': remove(200, 100, 'models_ad'),
    'what an insert looks up has an index': remove(200, 100, '', 'Insert'),
  },
});

describeRule('serialization-time', {
  fires: {
    ...timed(90, {
      'Execution Time': 100,
      Serialization: { Time: 10, 'Output Volume': 27_268, Format: 'text' },
    }),
    sql: 'select * from training_runs',
  },
  silent: {
    'less than 10 ms': timed(10, { 'Execution Time': 20, Serialization: { Time: 9.9 } }),
    'less than a tenth of the time': timed(91, { 'Execution Time': 101, Serialization: { Time: 10 } }),
    'not measured': timed(100),
  },
});

describeRule('time-outside-plan', {
  fires: timed(80, { 'Execution Time': 100 }),
  silent: {
    'less than a fifth': timed(80.1, { 'Execution Time': 100 }),
    'less than 10 ms': timed(1, { 'Execution Time': 10.9 }),
    'triggers and output explain it': timed(40, {
      'Execution Time': 100,
      Triggers: [{ 'Trigger Name': 't', Time: 30, Calls: 1 }],
      Serialization: { Time: 20 },
    }),
    'Citus computed parts before': {
      root: rawNode('Custom Scan', {
        'Custom Plan Provider': 'Citus Adaptive',
        'Actual Total Time': 20,
        'Distributed Query': { Subplans: [{ 'Subplan Duration': 80 }] },
      }),
      top: { 'Execution Time': 100 },
    },
    'no execution time': timed(80),
  },
});

const partitioned = (count: number, top: Raw, more: Raw = {}) => ({
  root: rawNode('Append', {
    'Actual Total Time': 40,
    'Subplans Removed': 98,
    ...more,
    Plans: Array.from({ length: count }, (_, i) =>
      below('Seq Scan', 'Member', { 'Relation Name': `events_p${i}`, Alias: `events_${i + 1}` }),
    ),
  }),
  top,
});

describeRule('too-many-partitions', {
  fires: partitioned(2, { 'Planning Time': 10, 'Execution Time': 40 }),
  silent: {
    'ninety-nine': partitioned(1, { 'Planning Time': 10, 'Execution Time': 40 }),
    'less than 10 ms of planning': partitioned(2, { 'Planning Time': 9.9, 'Execution Time': 20 }),
    'less than a fifth of all': partitioned(2, { 'Planning Time': 10, 'Execution Time': 40.1 }),
    'different tables are no partitions': {
      root: rawNode('Append', {
        'Subplans Removed': 98,
        Plans: ['a', 'b'].map((name) => below('Seq Scan', 'Member', { 'Relation Name': name, Alias: name })),
      }),
      top: { 'Planning Time': 10, 'Execution Time': 40 },
    },
  },
});

describeRule('planning-dearer-than-execution', {
  fires: timed(9, {
    'Planning Time': 10,
    'Execution Time': 9.9,
    Planning: { 'Shared Hit Blocks': 4000, 'Shared Read Blocks': 0 },
  }),
  silent: {
    'as long as the execution': timed(9, { 'Planning Time': 10, 'Execution Time': 10 }),
    'less than 10 ms': timed(1, { 'Planning Time': 9.9, 'Execution Time': 1 }),
    'not executed': {
      root: rawNode('Seq Scan', { 'Actual Loops': undefined, 'Actual Total Time': undefined }),
      top: { 'Planning Time': 50 },
    },
    'many partitions are why': partitioned(2, { 'Planning Time': 50, 'Execution Time': 40 }),
  },
});

const logged = (bytes: number, images: number, more: Raw = {}) => ({
  root: rawNode('ModifyTable', {
    Operation: 'Update',
    'Actual Total Time': 900,
    'WAL Records': 400_000,
    'WAL FPI': images,
    'WAL Bytes': bytes,
    ...more,
  }),
});
const mebibyte = 1024 * 1024;

describeRule('wal-volume', {
  fires: logged(100 * mebibyte, 10, { 'WAL Buffers Full': 12 }),
  silent: { 'a byte less': logged(100 * mebibyte - 1, 10), 'not told': { root: rawNode('ModifyTable') } },
});

describeRule('full-page-images', {
  fires: logged(16_384_000, 1000),
  silent: {
    '999 pages': logged(8_192_000, 999),
    'less than half of it': logged(16_384_001, 1000),
    'not told': { root: rawNode('ModifyTable') },
  },
});
