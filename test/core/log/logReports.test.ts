/** What a text of a log becomes: reports with their statements, slowest first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportOfEntry } from '../../../src/core/log/logReports.ts';
import { readLog } from '../../../src/core/log/readLog.ts';
import { readReports } from '../../../src/core/report/readReports.ts';
import { logDestinations, logText } from '../../support/logs.ts';

for (const destination of logDestinations) {
  test(`${destination} as a text`, () => {
    const read = readReports(logText(destination), { slaMs: 20, source: { name: 'server.log' } });
    assert.ok(read.ok);
    const { reports, problems } = read.value;
    assert.deepEqual(problems, []);
    assert.deepEqual(
      reports.map(({ plan }) => plan.executionMs),
      [28.098, 14.738, 14.333, 14.216, 1.785, 0.315, 0.296, 0.237],
    );
    const [slowest] = reports;
    assert.equal(slowest?.source?.line, 5);
    assert.equal(slowest.execution, 'logged by auto_explain');
    assert.ok(slowest.findings.some(({ ruleId }) => ruleId === 'slow-execution'));
  });
}

test('a text that only speaks of a plan is none', () => {
  const read = readReports('This is the plan: to wait.\n', { slaMs: 20 });
  assert.equal(read.ok, false);
});

test('an entry without a plan is no report', () => {
  const [entry] = readLog('LOG:  duration: 1.5 ms  plan:\n\tQuery Text: select 1\n');
  assert.ok(entry);
  assert.equal(reportOfEntry(entry, { slaMs: 20 }), undefined);
});

const zones: Readonly<Record<string, string | undefined>> = {
  '2026-11-22 09:24:56.575 UTC': '2026-11-22T09:24:56.575Z',
  '2026-11-22 09:24:56 GMT': '2026-11-22T09:24:56Z',
  '2026-11-22 09:24:56 +02': '2026-11-22T09:24:56+02:00',
  '2026-11-22T09:24:56.5+0530': '2026-11-22T09:24:56.5+05:30',
  '2026-11-22 09:24:56-03:30': '2026-11-22T09:24:56-03:30',
  // India, Ireland or Israel: not for us to say.
  '2026-11-22 09:24:56 IST': undefined,
};
for (const [timestamp, iso] of Object.entries(zones)) {
  test(`when it ran: ${timestamp}`, () => {
    const [entry] = readLog(
      `${timestamp} [1] LOG:  duration: 1.5 ms  plan:\n\tQuery Text: select 1\n\tResult  (cost=0.00..0.01 rows=1 width=4)\n`,
    );
    assert.ok(entry);
    assert.equal(entry.timestamp, timestamp);
    assert.equal(reportOfEntry(entry, { slaMs: 20 })?.profiledAt, iso);
  });
}
