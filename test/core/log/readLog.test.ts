/** Logs as servers write them, as people paste them, and as they are cut. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LogEntry } from '../../../src/core/log/logEntry.ts';
import { createLogReader, readLog } from '../../../src/core/log/readLog.ts';
import { readPlans } from '../../../src/core/plan/readPlans.ts';
import { type LogDestination, logDestinations, logText } from '../../support/logs.ts';

/** What an entry says, without where it stands. */
type Said = Partial<Omit<LogEntry, 'planText' | 'start' | 'end'>>;

/** Checks the entries of a text, and that each holds a plan that reads. */
function check(text: string, expected: readonly Said[], problems: readonly RegExp[] = []): void {
  const entries = readLog(text);
  const said = entries.map((entry, index) =>
    Object.fromEntries(Object.keys(expected[index] ?? {}).map((key) => [key, entry[key as keyof LogEntry]])),
  );
  assert.deepEqual(said, expected);
  const read = entries.map(({ planText }) => readPlans(planText));
  for (const { plans } of read) assert.equal(plans.length, 1);
  const messages = read.flatMap((one) => one.problems.map(({ message }) => message));
  assert.equal(messages.length, problems.length, messages.join('\n'));
  for (const [index, says] of problems.entries()) assert.match(messages[index] ?? '', says);
}

const node = 'Result  (cost=0.00..0.01 rows=1 width=4) (actual time=0.001..0.001 rows=1 loops=1)';
/** The lines of an entry in TEXT, its first behind `prefix`, the rest behind `tab`. */
const textEntry = (prefix: string, ms: string, sql = 'select 1', tab = '\t') =>
  [
    `${prefix}duration: ${ms} ms  plan:`,
    `${tab}Query Text: ${sql.replaceAll('\n', `\n${tab}`)}`,
    `${tab}${node}`,
    '',
  ].join('\n');
const json = (sql: string) => [
  '{',
  `  "Query Text": "${sql}",`,
  '  "Plan": {',
  '    "Node Type": "Result",',
  '    "Total Cost": 0.01',
  '  }',
  '}',
];
const tabbed = (lines: readonly string[]) => lines.map((line) => `\t${line}\n`).join('');

describe('every recorded log', () => {
  for (const destination of logDestinations) {
    test(destination, () => {
      const entries = readLog(logText(destination));
      assert.deepEqual(
        entries.map(({ durationMs, format }) => [durationMs, format]),
        [
          [28.098, 'text'],
          [1.785, 'text'],
          [14.333, 'json'],
          [0.315, 'json'],
          [14.738, 'xml'],
          [0.237, 'xml'],
          [14.216, 'yaml'],
          [0.296, 'yaml'],
        ],
      );
      for (const [index, entry] of entries.entries()) {
        const isFirst = index % 2 === 0;
        assert.equal(
          entry.queryText,
          isFirst
            ? 'select count(*) from a where k = 5 and x > (select avg(x) from b where k<3);'
            : 'prepare q(int) as select * from b where k=$1 order by x limit 3;',
        );
        assert.equal(entry.parameters, isFirst ? undefined : "$1 = '7'");
        assert.equal(entry.pid, 22_396 + 3 * Math.floor(index / 2));
        assert.equal(entry.user, 'postgres');
        assert.equal(entry.database, 'postgres');
        assert.match(entry.timestamp ?? '', /^2026-11-22 09:24:56\.\d{3} UTC$/);
        const { plans, problems } = readPlans(entry.planText);
        assert.deepEqual(problems, []);
        assert.equal(plans[0]?.format, entry.format);
        assert.equal(plans[0]?.nodes.length, isFirst ? 7 : 4);
      }
    });
    test(`${destination}: the same entries, however the text is cut into pieces`, () => {
      const text = logText(destination);
      const whole = readLog(text);
      for (const size of [1, 7, 100, 4_099, 65_536]) {
        const reader = createLogReader();
        const entries: LogEntry[] = [];
        for (let at = 0; at < text.length; at += size)
          entries.push(...reader.push(text.slice(at, at + size)));
        entries.push(...reader.end());
        assert.deepEqual(entries, whole, `pieces of ${size}`);
      }
    });
    test(`${destination}: an entry is read again from where it stands`, () => {
      const text = logText(destination);
      for (const entry of readLog(text)) {
        const [again] = readLog(text.slice(entry.start, entry.end));
        assert.equal(again?.planText, entry.planText);
        assert.equal(again.start, 0);
      }
    });
    test(`${destination}: Windows line ends`, () => {
      const texts = (text: string) => readLog(text).map(({ planText }) => planText.replaceAll('\r', ''));
      assert.deepEqual(texts(logText(destination).replaceAll('\n', '\r\n')), texts(logText(destination)));
    });
    test(`${destination}: any cut, at either end, is read without a throw`, () => {
      const text = logText(destination);
      for (let cut = 0; cut < text.length; cut += 997) {
        readLog(text.slice(0, cut));
        const { length } = readLog(text.slice(cut));
        assert.ok(length >= readLog(text).filter(({ start }) => start >= cut).length, `from ${cut}`);
      }
    });
  }
  test('bytes as latin1 give byte offsets and whole characters', () => {
    const sql = 'select „größe“ from 表';
    const bytes = Buffer.from(textEntry('LOG:  ', '0.5') + textEntry('LOG:  ', '1.5', sql), 'utf8');
    const reader = createLogReader({ decode: (text) => Buffer.from(text, 'latin1').toString('utf8') });
    const [, entry] = [...reader.push(bytes.toString('latin1')), ...reader.end()];
    assert.equal(entry?.queryText, sql);
    assert.equal(bytes.subarray(entry.start, entry.end).toString('utf8'), textEntry('LOG:  ', '1.5', sql));
  });
});

describe('prefixes', () => {
  const prefixes: Readonly<Record<string, Said>> = {
    'LOG:  ': { timestamp: undefined, pid: undefined, user: undefined, database: undefined },
    '2026-11-22 09:24:56.575 UTC [22396] LOG:  ': { timestamp: '2026-11-22 09:24:56.575 UTC', pid: 22_396 },
    '2026-11-22 09:24:56 CET [22396] ann@shop LOG:  ': { pid: 22_396, user: 'ann', database: 'shop' },
    '2026-11-22 09:24:56 UTC:10.0.0.5(53144):ann@shop:[8212]:LOG:  ': { pid: 8212 },
    '2026-11-22 09:24:56.5 +02 [5]: [3-1] user=ann,db=shop,app=psql,client=10.0.0.5 LOG:  ': {
      timestamp: '2026-11-22 09:24:56.5 +02',
      pid: 5,
      user: 'ann',
      database: 'shop',
    },
    '2026-11-22T09:24:56.575123Z pid=77 LOG:  ': { timestamp: '2026-11-22T09:24:56.575123Z', pid: 77 },
    '1763803496.575 [77] PROTOKOLL:  ': { timestamp: undefined, pid: 77 },
    '': { pid: undefined },
  };
  for (const [prefix, origin] of Object.entries(prefixes)) {
    test(prefix === '' ? 'none' : prefix, () =>
      check(textEntry(prefix, '12.345', 'select 1\n\nfrom t') + textEntry(prefix, '0.1'), [
        { line: 1, durationMs: 12.345, queryText: 'select 1\n\nfrom t', ...origin },
        { line: 6, durationMs: 0.1, queryText: 'select 1' },
      ]),
    );
  }
});

describe('other messages', () => {
  const noise = [
    '2026-11-22 09:24:56 UTC [1] LOG:  checkpoint starting: time',
    '2026-11-22 09:24:56 UTC [2] ERROR:  relation "x" does not exist at character 15',
    '2026-11-22 09:24:56 UTC [2] STATEMENT:  select *',
    '\tfrom x',
    '2026-11-22 09:24:56 UTC [2] LOG:  duration: 3.1 ms  statement: select 1',
    '',
  ].join('\n');
  const own = textEntry('2026-11-22 09:24:56 UTC [3] LOG:  ', '1.5');
  test('around entries', () =>
    check(noise + own + noise + own + noise, [
      { line: 6, durationMs: 1.5, queryText: 'select 1' },
      { line: 14, durationMs: 1.5 },
    ]));
  test('none of them is an entry', () => check(noise, []));
  test('CONTEXT of a nested statement is no part of the plan', () =>
    check(
      `${own}2026-11-22 09:24:56 UTC [3] CONTEXT:  SQL statement "select 1"\n\tPL/pgSQL function f() line 3 at PERFORM\n`,
      [{ durationMs: 1.5 }],
    ));
  test('a level in a language that is not known here', () =>
    check(`${own}2026-11-22 09:24:56 UTC [3] строка без уровня\n\tи ещё\n`, [{ durationMs: 1.5 }]));
  test('a statement that looks like an entry is none', () =>
    check(`LOG:  statement: select 'duration: 1 ms  plan:'\n\t, 'duration: 2 ms  plan:'\n`, []));
});

describe('several processes at once', () => {
  const of = (pid: number, ms: string) =>
    `2026-11-22 09:24:56 UTC [${pid}] LOG:  duration: ${ms} ms  plan:\n`;
  test('an error between the lines of an entry', () =>
    check(
      of(1, '1.5') +
        tabbed(json('a').slice(0, 3)) +
        '2026-11-22 09:24:56 UTC [2] ERROR:  division by zero\n2026-11-22 09:24:56 UTC [2] STATEMENT:  select\n\t1/0\n' +
        tabbed(json('a').slice(3)),
      [{ durationMs: 1.5, pid: 1, queryText: 'a' }],
    ));
  test('an entry between the lines of another', () =>
    check(
      of(1, '1.5') +
        tabbed(json('a').slice(0, 4)) +
        of(2, '2.5') +
        tabbed(json('b')) +
        tabbed(json('a').slice(4)),
      [
        { durationMs: 2.5, pid: 2, queryText: 'b' },
        { durationMs: 1.5, pid: 1, queryText: 'a' },
      ],
    ));
  test('an entry that the same process never ended', () =>
    check(
      of(1, '1.5') + tabbed(json('a').slice(0, 4)) + of(1, '2.5') + tabbed(json('b')),
      [
        { durationMs: 1.5, queryText: 'a' },
        { durationMs: 2.5, queryText: 'b' },
      ],
      [/ends/],
    ));
});

describe('pasted', () => {
  test('without prefix and tabs', () =>
    check(textEntry('', '1.5', 'select 1\nfrom t', '') + textEntry('', '2.5', 'select 2', ''), [
      { durationMs: 1.5, queryText: 'select 1\nfrom t' },
      { durationMs: 2.5, queryText: 'select 2' },
    ]));
  test('without tabs, another message behind it', () =>
    check(`${textEntry('LOG:  ', '1.5', 'select 1', '')}LOG:  checkpoint starting: time\n`, [
      { durationMs: 1.5 },
    ]));
  test('JSON without tabs', () =>
    check(`duration: 1.5 ms  plan:\n${json('a').join('\n')}\nsome words\n`, [
      { durationMs: 1.5, format: 'json' },
    ]));
  test('what is no log', () => {
    assert.deepEqual(readLog(`${node}\n`), []);
    assert.deepEqual(readLog(''), []);
    assert.deepEqual(readLog(json('a').join('\n')), []);
  });
});

describe('cut at the end', () => {
  const lines = (destination: LogDestination) => logText(destination).split('\n');
  test('in a plan in TEXT', () =>
    check(lines('stderr').slice(0, 20).join('\n'), [{ durationMs: 28.098, line: 5 }], [/cut off/]));
  test('in a plan in JSON', () => {
    const cut = lines('stderr').slice(0, 200).join('\n');
    const last = readLog(cut).at(-1);
    assert.equal(last?.durationMs, 14.333);
    assert.equal(last.queryText?.startsWith('select count(*)'), true);
    assert.ok(readPlans(last.planText).problems.length > 0);
  });
  test('in a record of csvlog', () =>
    check(lines('csvlog').slice(0, 20).join('\n'), [{ durationMs: 28.098, pid: 22_396 }], [/cut off/]));
  test('in a record of jsonlog', () => {
    const whole = lines('jsonlog');
    check(`${whole[3]}\n${whole[4]?.slice(0, 700)}\\u00`, [{ durationMs: 28.098, line: 2 }], [/cut off/]);
  });
});

describe('cut at the beginning', () => {
  const startsInside = (text: string) => {
    const reader = createLogReader();
    const { length } = [...reader.push(text), ...reader.end()];
    return [reader.startsInside, length];
  };
  const from = (destination: LogDestination, offset: number) => logText(destination).slice(offset);
  test('stderr', () =>
    assert.deepEqual(startsInside(logText('stderr').split('\n').slice(20).join('\n')), [true, 7]));
  test('csvlog', () => assert.deepEqual(startsInside(from('csvlog', 1_500)), [true, 7]));
  test('jsonlog', () => assert.deepEqual(startsInside(from('jsonlog', 1_500)), [true, 7]));
  for (const destination of logDestinations)
    test(`${destination} as a whole does not`, () =>
      assert.deepEqual(startsInside(logText(destination)), [false, 8]));
});
