/**
 * Records what psql makes of plans, in each of its layouts, into test/fixtures/psql: `node --import tsx
 * test/recordPsql.ts`. Needs psql; the plans are not run, so all layouts of a format show the very same plan.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, type TestServer } from './support/postgres.ts';

const folder = join(import.meta.dirname, 'fixtures/psql');

const schema = `
  create table "таблица" (id int primary key, "co lumn" text, kind int);
  create table other (id int references "таблица", note text);
  analyze`;

const sql = `select t.id, "co lumn" || ' + | ', (select max(note) from other x where x.id = t.id and note <> 'a:b')
  from "таблица" t join other o using (id) where kind in (1, 2, 3) and note like 'it''s %' order by kind desc, 2 limit 10`;

const layouts: readonly string[][] = ['0', '1', '2'].flatMap((border) =>
  ['ascii', 'old-ascii', 'unicode'].flatMap((linestyle) =>
    ['off', 'on'].flatMap((expanded) =>
      ['aligned', 'wrapped'].map((format) => [border, linestyle, expanded, format]),
    ),
  ),
);

/** There psql marks neither cuts nor line ends: nobody can tell them apart. */
function isUnreadable([border, linestyle, expanded, format]: readonly string[]): boolean {
  return border === '0' && linestyle === 'old-ascii' && expanded === 'on' && format === 'wrapped';
}

function psql(server: TestServer, options: readonly string[], explain: string): string {
  const { host, port, password } = server;
  const pset = options.flatMap((option) => ['-P', option]);
  const args = ['-X', '-h', host, '-p', String(port), '-U', 'postgres', ...pset, '-c', explain, 'postgres'];
  const env = { ...process.env, PGPASSWORD: password, PGCLIENTENCODING: 'UTF8' };
  return execFileSync('psql', args, { encoding: 'utf8', env });
}

const server = await startServer(18);
try {
  await server.admin(schema);
  mkdirSync(folder, { recursive: true });
  for (const format of ['text', 'json', 'yaml', 'xml']) {
    const explain = `explain (verbose, format ${format}) ${sql}`;
    const write = (name: string, options: readonly string[]) =>
      writeFileSync(join(folder, `${format}.${name}.txt`), psql(server, options, explain));
    write('plain', ['format=unaligned', 'tuples_only=on']);
    for (const [border, linestyle, expanded, layout] of layouts.filter((one) => !isUnreadable(one))) {
      const options = [`border=${border}`, `linestyle=${linestyle}`, `expanded=${expanded}`];
      write(`${layout}-${border}-${linestyle}-${expanded === 'on' ? 'expanded' : 'rows'}`, [
        ...options,
        `format=${layout}`,
        'columns=80',
      ]);
    }
  }
} finally {
  server.stop();
}
