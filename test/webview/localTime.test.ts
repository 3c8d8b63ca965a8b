import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localTime } from '../../webview/localTime.ts';

// Half past five ahead of UTC, all year.
process.env['TZ'] = 'Asia/Kolkata';

function check(iso: string, now: string, expected: string): void {
  test(`${iso}, read at ${now}`, () => assert.equal(localTime(iso, new Date(now)), expected));
}

check('2026-09-30T10:42:07.000Z', '2026-09-30T12:00:00Z', '16:12:07');
check('2026-09-30T10:42:07.000Z', '2026-10-01T12:00:00Z', '2026-09-30 16:12:07');
check('2026-09-30T20:05:00.000Z', '2026-09-30T21:00:00Z', '01:35:00');
check('2026-09-30T18:00:00.000Z', '2026-09-30T19:00:00Z', '2026-09-30 23:30:00');
