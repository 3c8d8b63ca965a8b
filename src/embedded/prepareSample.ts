/** Opens the sample's PGlite, ready to be profiled: prepared, sound, with dates up to now and a ranking to look at. */
import { PGlite, type Extension } from '@electric-sql/pglite';
import { openAsBlob } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { workload } from './guide.ts';
import { moveDatesSql, sampleSteps, sampleStamp, soundSql, tableNames, type Scale } from './sampleData.ts';
import { dataDirectory, discardData, markPrepared, preparedStamp } from './sampleFiles.ts';
import { sampleDatabaseName } from './sampleNames.ts';

export interface OpenSample {
  readonly directory: string;
  /** Folder of PGlite's files. */
  readonly assets: string;
  /** Compiled once by the owner: reopening after a cancel is then under a second. */
  readonly postgres: WebAssembly.Module;
  readonly scale: Scale;
  readonly onProgress: (text: string) => void;
  readonly onLog: (text: string, data: Readonly<Record<string, unknown>>) => void;
}

/**
 * No background process is there to check points or vacuum, so what they would do is done by hand (databaseThread.ts).
 * Nothing is fsynced (PGlite's own choice) and torn pages are found by checksums: a copy that a power cut damaged is
 * made anew, so full page images would only fill the disk.
 */
const configuration = [
  'wal_level = minimal',
  'max_wal_senders = 0',
  'full_page_writes = off',
  'max_wal_size = 32MB',
  'min_wal_size = 32MB',
  'wal_recycle = off',
  // The owner's own BEGIN, SET and DISCARD would otherwise crowd the ranking.
  'pg_stat_statements.track_utility = off',
  'pg_stat_statements.save = off',
];

/** Dates older than this are moved up to now: the guide asks for the last 7 and 30 days. */
const oldestAnchorMs = 86_400_000;
/** A clock that is set back a little, or another machine's, is no reason to move two million dates. */
const futureAnchorMs = 3_600_000;

export async function openSample(sample: OpenSample): Promise<PGlite> {
  const stamp = sampleStamp(sample.scale);
  if ((await preparedStamp(sample.directory)) !== stamp) return prepare(sample, stamp);
  const startedMs = performance.now();
  const pg = await start(sample, sampleDatabaseName);
  await pg.exec(`set pg_stat_statements.track = 'none'`);
  if ((await pg.query(soundSql)).rows.length === 0) throw new Error('tables are missing or cut short');
  await bringDatesUpToNow(pg, sample);
  await fillRanking(pg);
  sample.onLog('sample database opened', { ms: Math.round(performance.now() - startedMs) });
  return pg;
}

async function prepare(sample: OpenSample, stamp: string): Promise<PGlite> {
  const startedMs = performance.now();
  await discardData(sample.directory);
  await mkdir(dataDirectory(sample.directory), { recursive: true, mode: 0o700 });
  sample.onProgress('Preparing the sample database: the server’s own files');
  const pg = await start(sample, 'postgres');
  // A database cannot rename itself by ALTER DATABASE, and a second one would cost another start and 7 MB.
  await pg.exec(`update pg_database set datname = '${sampleDatabaseName}' where datname = 'postgres'`);
  await pg.exec(`create extension pg_stat_statements; set pg_stat_statements.track = 'none'`);
  const anchor = new Date().toISOString();
  for (const step of sampleSteps(anchor, sample.scale)) {
    sample.onProgress(step.progress);
    await pg.exec(step.sql);
    await pg.exec('checkpoint');
  }
  sample.onProgress('Preparing the sample database: statistics');
  await settle(pg);
  await writeAnchor(pg, anchor);
  await fillRanking(pg);
  await pg.exec('checkpoint');
  await markPrepared(sample.directory, stamp);
  sample.onLog('sample database prepared', { ms: Math.round(performance.now() - startedMs) });
  return pg;
}

async function start(sample: OpenSample, database: string): Promise<PGlite> {
  const asset = (name: string) => path.join(sample.assets, name);
  const complaints: string[] = [];
  let isOpen = false;
  const fresh = database !== sampleDatabaseName;
  try {
    const pg = await PGlite.create({
      dataDir: dataDirectory(sample.directory),
      database,
      extensions: { pg_stat_statements: statementsExtension(asset('pg_stat_statements.tar.gz')) },
      postgresqlconf: configuration,
      pgliteWasmModule: sample.postgres,
      ...(fresh ? { initdbWasmModule: await WebAssembly.compile(await readFile(asset('initdb.wasm'))) } : {}),
      fsBundle: await openAsBlob(asset('pglite.data')),
      onStderr: (text) => {
        if (!isOpen) complaints.push(text);
        // After a FATAL, where PostgreSQL ends its process, PGlite reads the same message for ever: its thread ends instead.
        else if (fatal.test(text)) process.exit(1);
        return false;
      },
    });
    isOpen = true;
    return pg;
  } catch (cause) {
    throw new Error(complaints.slice(-3).join(' ') || 'PostgreSQL did not start', { cause });
  }
}

/** At the start of a log line, behind the time and the pid of `log_line_prefix`. */
const fatal = /^\S+ \S+ \S+ \[\d+\] (FATAL|PANIC): /;

const statementsExtension = (bundle: string): Extension => ({
  name: 'pg_stat_statements',
  setup: async () => ({ bundlePath: pathToFileURL(bundle), sharedPreloadLibraries: ['pg_stat_statements'] }),
});

/** The newest date is kept as the database's comment, in the same transaction as the rows. */
async function writeAnchor(pg: PGlite, anchor: string): Promise<void> {
  await pg.exec(
    `comment on database ${sampleDatabaseName} is 'Sample data of PostgreSQL Query Profiler up to ${anchor}'`,
  );
}

async function bringDatesUpToNow(pg: PGlite, sample: OpenSample): Promise<void> {
  const found = await pg.query<{ comment: string | null }>(
    `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = current_database()`,
  );
  const anchorMs = Date.parse(found.rows[0]?.comment?.split(' ').at(-1) ?? '');
  if (Number.isNaN(anchorMs)) throw new Error('nothing says which dates the rows have');
  const ageMs = Date.now() - anchorMs;
  if (ageMs <= oldestAnchorMs && ageMs >= -futureAnchorMs) return;
  const startedMs = performance.now();
  sample.onProgress('Moving the dates of the sample database up to today');
  const seconds = Math.trunc(ageMs / 1000);
  await pg.exec(`begin; ${moveDatesSql(seconds)}`);
  await writeAnchor(pg, new Date(anchorMs + seconds * 1000).toISOString());
  await pg.exec('commit');
  await pg.exec('checkpoint');
  await settle(pg);
  sample.onLog('dates moved', { seconds, ms: Math.round(performance.now() - startedMs) });
}

/** Statistics, hint bits and the visibility map for good: nothing else would vacuum, and plans shall not change by themselves. */
async function settle(pg: PGlite): Promise<void> {
  for (const table of tableNames) {
    await pg.exec(`vacuum (freeze, analyze) public.${table}`);
    await pg.exec('checkpoint');
  }
}

async function fillRanking(pg: PGlite): Promise<void> {
  await pg.exec(`select pg_stat_statements_reset(); set pg_stat_statements.track = 'top'`);
  for (const { sql, calls } of workload) {
    for (let call = 0; call < calls; call += 1) await pg.query(sql);
  }
  await pg.exec(`set pg_stat_statements.track = 'none'; select pg_stat_force_next_flush()`);
  await pg.exec('discard all');
}
