/** Statements with rare and hostile plans on real servers: JSON, YAML and XML of one plan are one raw tree. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client } from 'pg';
import { parseJson } from '../../../src/core/plan/parseJson.ts';
import { parseXml } from '../../../src/core/plan/parseXml.ts';
import { parseYaml } from '../../../src/core/plan/parseYaml.ts';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import type { Json } from '../../../src/shared/report.ts';
import { oddSchema, type OddStatement, oddStatements } from '../../support/oddStatements.ts';
import { serverVersions, startServer, type TestServer } from '../../support/postgres.ts';

const unknownSetting = '42704';

const parsers = { json: parseJson, yaml: parseYaml, xml: parseXml } as const;
type Format = keyof typeof parsers;
const formats = Object.keys(parsers) as readonly Format[];

/** The driver would parse JSON, and round the query identifier. */
const asTexts = { getTypeParser: () => (text: unknown) => String(text) };

for (const version of serverVersions) {
  describe(`PostgreSQL ${version}`, () => {
    let server: TestServer | undefined;
    let client: Client;
    before(async () => {
      server = await startServer(version, { config: ['compute_query_id = on', 'jit = off'] });
      await server.admin(oddSchema);
      await server.admin('vacuum analyze');
      const { host, port, password } = server;
      client = new Client({ host, port, password, user: 'postgres', database: 'postgres', types: asTexts });
      await client.connect();
    });
    after(async () => {
      await client.end();
      server?.stop();
    });

    async function explain(
      { sql, settings = '' }: OddStatement,
      options: string,
      format: Format,
    ): Promise<string> {
      for (const setting of settings.split(';').filter((one) => one.trim() !== '')) {
        // A setting that was renamed is given by both of its names.
        await client.query(setting).catch((error: unknown) => {
          if ((error as { code?: string }).code !== unknownSetting) throw error;
        });
      }
      await client.query('begin');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `explain (${options}, format ${format}) ${sql}`,
      );
      await client.query('rollback');
      await client.query('reset all');
      return rows[0]?.['QUERY PLAN'] ?? '';
    }

    async function treesOf(statement: OddStatement, options: string): Promise<readonly (readonly Json[])[]> {
      const trees: (readonly Json[])[] = [];
      for (const format of formats) {
        const text = await explain(statement, options, format);
        const { documents, problems } = parsers[format](text);
        assert.deepEqual(problems, [], text);
        trees.push(documents);
        const read = readPlans(text);
        assert.deepEqual(read.problems, []);
        assert.equal(read.plans[0]?.format, format);
      }
      return trees;
    }

    for (const [name, statement] of Object.entries(oddStatements)) {
      if (version < (statement.since ?? 0)) continue;
      const { run = '' } = statement;
      for (const options of ['verbose, settings', ...(run === '' || run.includes('analyze') ? [] : [run])]) {
        test(`${name} (${options})`, async () => {
          const [json, yaml, xml] = await treesOf(statement, options);
          assert.deepEqual(yaml, json);
          assert.deepEqual(xml, json);
        });
      }
      if (run.includes('analyze')) {
        test(`${name} (${run})`, async () => {
          const [json, yaml, xml] = (await treesOf(statement, run)).map(keysOf);
          assert.deepEqual(yaml, json);
          assert.deepEqual(xml, json);
        });
      }
    }
  });
}

/** Which keys are where and what kind of value they have, for runs differ in the values. */
function keysOf(value: Json): readonly string[] {
  const keys = new Set<string>();
  const visit = (inner: Json, path: string): void => {
    // Workers come and go.
    if (path.includes('.Workers[]')) return;
    if (Array.isArray(inner)) for (const item of inner as readonly Json[]) visit(item, `${path}[]`);
    else if (typeof inner === 'object' && inner !== null)
      for (const [key, member] of Object.entries(inner)) visit(member, `${path}.${key}`);
    else keys.add(`${path}: ${typeof inner}`);
  };
  visit(value, '');
  return [...keys].toSorted();
}
