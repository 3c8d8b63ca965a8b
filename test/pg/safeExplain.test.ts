import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverCancelled } from '../../src/core/cancel.ts';
import type { UserErrorCode } from '../../src/core/errors.ts';
import {
  defaultExplainOptions,
  type ConnectOptions,
  type ExplainRequest,
  type Preflight,
} from '../../src/core/ports.ts';
import { assertFails, onEachServer, requestOf, type Fixture } from '../support/servers.ts';

const hostile = '<img src=x onerror=alert(1)>';

const setup = `
  CREATE TABLE accounts (id int PRIMARY KEY, owner text, balance int);
  INSERT INTO accounts SELECT i, 'owner ' || i, 100 FROM generate_series(1, 1000) i;
  CREATE TABLE payments (id serial PRIMARY KEY, account int REFERENCES accounts ON DELETE CASCADE);
  INSERT INTO payments (account) SELECT i FROM generate_series(1, 1000) i;
  CREATE TABLE audit (note text);
  CREATE TABLE "${hostile}" ("a ""quote""" int);
  CREATE FUNCTION write_audit() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO audit VALUES (TG_OP); RETURN NULL; END $$;
  CREATE TRIGGER audit_accounts AFTER UPDATE OR DELETE ON accounts FOR EACH ROW EXECUTE FUNCTION write_audit();
  CREATE FUNCTION writes_when_run() RETURNS int VOLATILE LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO audit VALUES ('run'); RETURN 1; END $$;
  CREATE FUNCTION writes_while_planning() RETURNS int IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN PERFORM writes_when_run(); RETURN 1; END $$;
  CREATE FUNCTION writes_though_immutable() RETURNS int IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO audit VALUES ('planned'); RETURN 1; END $$;
  CREATE FUNCTION unlocks_writing() RETURNS int IMMUTABLE LANGUAGE plpgsql AS
    $$ BEGIN SET TRANSACTION READ WRITE; INSERT INTO audit VALUES ('unlocked'); RETURN 1; END $$;
  CREATE VIEW sleepy AS SELECT id, clock_timestamp() FROM accounts WHERE id < 3;
  ANALYZE;
  CREATE ROLE stranger LOGIN PASSWORD 'stranger';`;

/** Everything that a profile could leave behind; equal before and after, or something was. */
const traces = `SELECT (SELECT count(*) || '/' || sum(balance) FROM accounts) AS accounts,
  (SELECT count(*) FROM payments) AS payments, (SELECT count(*) FROM audit) AS audit,
  (SELECT count(*) FROM pg_class) AS relations,
  (SELECT count(*) FROM pg_locks WHERE pid <> pg_backend_pid()) AS locks,
  (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'PostgreSQL Query Profiler' AND state <> 'idle') AS busy`;

interface Case {
  readonly sql: string;
  readonly request?: Partial<ExplainRequest>;
  readonly profile?: Partial<ConnectOptions>;
  /** Answer to the question before running; it is not asked when absent. */
  readonly consent?: boolean;
  readonly expect: 'measured' | 'estimated' | UserErrorCode;
  readonly preflight?: Partial<Preflight>;
  /** Found in the plan's text. */
  readonly plan?: RegExp;
}

const isErrorCode = (expected: Case['expect']): expected is UserErrorCode =>
  expected !== 'measured' && expected !== 'estimated';

function check(fixture: Fixture, title: string, testCase: Case): void {
  test(title, async () => {
    const server = await fixture.open(testCase.profile);
    const before = await fixture.server.admin(traces);
    const asked: Preflight[] = [];
    const confirm = (preflight: Preflight) =>
      Promise.resolve(asked.push(preflight) > 0 && testCase.consent === true);
    const request = requestOf(testCase.sql, {
      ...testCase.request,
      ...(testCase.consent === undefined ? {} : { confirm }),
    });
    if (isErrorCode(testCase.expect)) {
      await assertFails(server.explain(request), testCase.expect);
    } else {
      const { planText, analyzed, preflight } = await server.explain(request);
      assert.equal(analyzed, testCase.expect === 'measured');
      assert.equal(planText.includes('"Actual Rows"'), analyzed, planText);
      assert.deepEqual({ ...preflight, ...testCase.preflight }, preflight);
      if (testCase.plan !== undefined) assert.match(planText, testCase.plan);
      if (asked.length > 0) assert.deepEqual(asked, [preflight]);
    }
    await server.close();
    assert.deepEqual(await fixture.server.admin(traces), before, 'something was left behind');
  });
}

onEachServer('explain', {}, [setup], (fixture) => {
  const cases: Readonly<Record<string, Case>> = {
    'a plain read is measured': {
      sql: 'SELECT * FROM accounts WHERE id < 10',
      expect: 'measured',
      preflight: {
        access: 'read',
        environment: 'dev',
        triggers: [],
        volatileFunctions: [],
        locks: [],
        notUndone: [],
      },
      plan: /"Shared Hit Blocks"/,
    },
    'bound values reach the planner, also null': {
      sql: 'SELECT * FROM accounts WHERE id = $1 AND owner IS DISTINCT FROM $2',
      request: { parameters: ['7', null] },
      expect: 'measured',
      plan: /id = 7/,
    },
    'a hostile value stays a value': {
      sql: 'SELECT * FROM accounts WHERE owner = $1',
      request: { parameters: ["x'; DROP TABLE accounts; --"] },
      expect: 'measured',
    },
    'the generic plan is estimated, never run': {
      sql: 'SELECT * FROM accounts WHERE id = $1',
      request: { parameters: 'generic' },
      expect: 'estimated',
      plan: /id = \$1/,
    },
    'a generic plan without parameters': {
      sql: 'SELECT count(*) FROM accounts',
      request: { parameters: 'generic' },
      expect: 'estimated',
    },
    'two statements do not pass': { sql: 'SELECT 1; DROP TABLE accounts', expect: 'notSql' },
    'two statements do not pass as a generic plan': {
      sql: 'SELECT $1::int; DROP TABLE accounts',
      request: { parameters: 'generic' },
      expect: 'notSql',
    },
    'a write that calls itself a read is stopped': {
      sql: 'DELETE FROM payments',
      expect: 'writesInReadOnly',
    },
    'a locking read that calls itself a read is stopped': {
      sql: 'SELECT * FROM accounts FOR UPDATE',
      expect: 'writesInReadOnly',
    },
    'a function that writes while planning': {
      sql: 'SELECT writes_while_planning()',
      expect: 'writesInReadOnly',
    },
    'an IMMUTABLE function with an INSERT': {
      sql: 'SELECT writes_though_immutable()',
      expect: 'serverRefused',
    },
    'a function that writes while planning a write': {
      sql: 'DELETE FROM payments WHERE id = writes_while_planning()',
      request: { access: 'write' },
      consent: true,
      expect: 'writesInReadOnly',
    },
    'a function that writes inside a SELECT': { sql: 'SELECT writes_when_run()', expect: 'writesInReadOnly' },
    'READ ONLY cannot be undone from within': { sql: 'SELECT unlocks_writing()', expect: 'serverRefused' },
    'FOR UPDATE after consent': {
      sql: 'SELECT * FROM accounts WHERE id < 100 FOR UPDATE',
      request: { access: 'lock' },
      consent: true,
      expect: 'measured',
      preflight: { access: 'lock', locks: ['RowShareLock on accounts'] },
    },
    'DELETE after consent': {
      sql: 'DELETE FROM accounts WHERE id < 100',
      request: { access: 'write' },
      consent: true,
      expect: 'measured',
      preflight: {
        triggers: ['accounts.audit_accounts', 'accounts.payments_account_fkey (constraint)'],
        locks: ['RowExclusiveLock on accounts'],
      },
      plan: /"Trigger Name": "audit_accounts"/,
    },
    'DELETE without consent is only estimated': {
      sql: 'DELETE FROM accounts',
      request: { access: 'write' },
      consent: false,
      expect: 'estimated',
    },
    'INSERT names the sequence': {
      sql: 'INSERT INTO payments (account) VALUES (1)',
      request: { access: 'write' },
      consent: false,
      expect: 'estimated',
      preflight: {
        volatileFunctions: ['nextval'],
        notUndone: [
          'Values taken from sequences are not given back.',
          'What its triggers may do outside this transaction, such as to files, other sessions or other servers, stays done.',
          'Rows that it writes stay behind as dead rows until the next vacuum.',
        ],
      },
    },
    'a write on production is never run, whatever the consent': {
      sql: 'DELETE FROM accounts',
      request: { access: 'write' },
      profile: { environment: 'production' },
      consent: true,
      expect: 'estimated',
    },
    'a write on a read-only profile is never run': {
      sql: 'UPDATE accounts SET balance = 0',
      request: { access: 'write' },
      profile: { readOnly: true },
      expect: 'estimated',
    },
    'a read on production asks first': {
      sql: 'SELECT * FROM accounts',
      profile: { environment: 'production' },
      consent: true,
      expect: 'measured',
      preflight: { environment: 'production' },
    },
    'a read on production, refused': {
      sql: 'SELECT * FROM accounts',
      profile: { environment: 'production' },
      consent: false,
      expect: 'estimated',
    },
    'volatile functions inside a view are named': {
      sql: 'SELECT * FROM sleepy',
      consent: true,
      expect: 'measured',
      preflight: { volatileFunctions: ['clock_timestamp'], notUndone: [] },
    },
    'an advisory lock ends with its connection': {
      sql: 'SELECT pg_advisory_lock(42)',
      expect: 'measured',
      preflight: {
        volatileFunctions: ['pg_advisory_lock'],
        notUndone: [
          'The lock of pg_advisory_lock is held until the connection closes; behind a pooler, longer.',
        ],
      },
    },
    'a hostile table name': {
      sql: `SELECT "a ""quote""" FROM "${hostile}"`,
      expect: 'measured',
      plan: /onerror/,
    },
    'without ANALYZE nothing runs': {
      sql: 'SELECT writes_when_run()',
      request: { options: { ...defaultExplainOptions, analyze: false } },
      expect: 'estimated',
    },
    'VERBOSE off, TIMING off': {
      sql: 'SELECT * FROM accounts',
      request: { options: { ...defaultExplainOptions, verbose: false, timing: false } },
      expect: 'measured',
      plan: /^(?![\s\S]*("Output"|"Actual Total Time"))/,
    },
    'no privilege': {
      sql: 'SELECT * FROM accounts',
      profile: { user: 'stranger', password: 'stranger' },
      expect: 'notPermitted',
    },
    'no such table': { sql: 'SELECT * FROM nowhere', expect: 'serverRefused' },
    'not SQL': { sql: 'SELEKT 1', expect: 'notSql' },
    'a value of the wrong type': {
      sql: 'SELECT * FROM accounts WHERE id = $1',
      request: { parameters: ['x'] },
      expect: 'serverRefused',
    },
    'a value too few': {
      sql: 'SELECT $1::int, $2::int',
      request: { parameters: ['1'] },
      expect: 'serverRefused',
    },
    'a division by zero while running': {
      sql: 'SELECT 1 / (id - 1) FROM accounts',
      expect: 'serverRefused',
    },
  };
  for (const [title, testCase] of Object.entries(cases)) check(fixture, title, testCase);

  test('the query identifier keeps all its digits', async () => {
    // 13 computes none of its own.
    if (fixture.server.version < 14) return;
    await fixture.server.admin('ALTER DATABASE postgres SET compute_query_id = on');
    const server = await fixture.open();
    const { planText } = await server.explain(requestOf('SELECT * FROM accounts'));
    assert.match(planText, /"Query Identifier": -?\d{10,19}\b/);
  });

  test('what the version knows is asked for', async () => {
    const server = await fixture.open();
    const options = { ...defaultExplainOptions, serialize: true };
    const { planText } = await server.explain(requestOf('SELECT * FROM accounts', { options }));
    assert.equal(planText.includes('"Serialization"'), fixture.server.version >= 17);
    assert.equal(planText.includes('"Memory Used"'), fixture.server.version >= 17);
    assert.match(planText, /"WAL Records"/);
  });

  test('no prepared statement is left by a generic plan that fails', async () => {
    const server = await fixture.open({ user: 'stranger', password: 'stranger' });
    const request = requestOf('SELECT * FROM accounts WHERE id = $1', { parameters: 'generic' });
    await assertFails(server.explain(request), 'notPermitted');
    const { planText } = await server.explain(requestOf('SELECT count(*) FROM pg_prepared_statements'));
    assert.match(planText, /"Actual Rows": 0/, planText);
  });
});

onEachServer(
  'explain on a standby',
  { config: ['max_connections = 100'], files: { 'standby.signal': '' } },
  [],
  (fixture) => {
    const cases: Readonly<Record<string, Case>> = {
      'a read is measured': { sql: 'SELECT * FROM pg_class', expect: 'measured' },
      'a locking read is estimated': {
        sql: 'SELECT * FROM pg_class FOR UPDATE',
        request: { access: 'lock' },
        consent: true,
        expect: 'estimated',
      },
      'a write is estimated': {
        sql: 'DELETE FROM pg_description',
        request: { access: 'write' },
        consent: true,
        expect: 'estimated',
      },
    };
    for (const [title, testCase] of Object.entries(cases)) {
      test(title, async () => {
        const server = await fixture.open();
        assert.equal(server.info.isStandby, true);
        const confirm = () => Promise.resolve(true);
        const explaining = server.explain(requestOf(testCase.sql, { ...testCase.request, confirm }));
        if (isErrorCode(testCase.expect)) await assertFails(explaining, testCase.expect);
        else assert.equal((await explaining).analyzed, testCase.expect === 'measured');
      });
    }

    test('neither a trial nor DDL', async () => {
      const server = await fixture.open();
      const ddl = 'CREATE INDEX i ON pg_class (relname)';
      const trial = server.tryIndex({ ...requestOf('SELECT 1'), ddl, indexName: 'i' });
      await assertFails(trial, 'changesNotAllowed');
      await assertFails(server.applyDdl(ddl, neverCancelled), 'changesNotAllowed');
    });
  },
);
