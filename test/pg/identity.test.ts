/** The role and search_path of a profile hold for what runs, and for nothing after it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverCancelled } from '../../src/core/cancel.ts';
import { assertFails, onEachServer, requestOf } from '../support/servers.ts';

const setup = `
  CREATE SCHEMA app;
  CREATE ROLE app_reader;
  CREATE ROLE login_only LOGIN NOINHERIT PASSWORD 'login_only' IN ROLE app_reader;
  CREATE TABLE app.notes (id int, text text);
  CREATE TABLE public.hidden (id int);
  GRANT USAGE, CREATE ON SCHEMA app TO app_reader;
  GRANT SELECT ON app.notes TO app_reader;
  ALTER TABLE app.notes OWNER TO app_reader;`;

const identity = {
  user: 'login_only',
  password: 'login_only',
  role: 'app_reader',
  searchPath: 'app, pg_temp',
};

onEachServer('role and search_path', {}, [setup], (fixture) => {
  test('a statement runs as the role, where the path says', async () => {
    const server = await fixture.open(identity);
    const { planText } = await server.explain(requestOf('SELECT * FROM notes'));
    assert.match(planText, /"Schema": "app"/);
    await assertFails(server.explain(requestOf('SELECT * FROM public.hidden')), 'notPermitted');
    const [notes] = await server.tableFacts([{ name: 'notes' }], neverCancelled);
    assert.equal(notes?.visible, true);
  });

  test('without them the same login may not read, and does not find', async () => {
    const server = await fixture.open({ user: identity.user, password: identity.password });
    await assertFails(server.explain(requestOf('SELECT * FROM app.notes')), 'notPermitted');
  });

  test('an index is built by the role, in its schema', async () => {
    const server = await fixture.open(identity);
    await server.applyDdl('CREATE INDEX CONCURRENTLY notes_id_idx ON notes (id)', neverCancelled);
    const rows = await fixture.server.admin(`SELECT n.nspname, r.rolname FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner WHERE relname = 'notes_id_idx'`);
    assert.deepEqual(rows, [{ nspname: 'app', rolname: 'app_reader' }]);
    await server.applyDdl('DROP INDEX CONCURRENTLY notes_id_idx', neverCancelled);
  });

  test('a role that does not exist is said in a sentence', async () => {
    const server = await fixture.open({ role: 'nobody_here' });
    const error = await assertFails(server.explain(requestOf('SELECT 1')), 'serverRefused');
    assert.match(error.sentence, /nobody_here/);
  });
});
