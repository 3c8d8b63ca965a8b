/** A log larger than memory should be: the whole process stays under 200 MB, on whatever the log was written to. */
import { test } from 'node:test';
import { checkHugeLog } from '../../support/hugeLog.ts';

const mostPeakMb = 200;

test('stderr, 1 GiB', () => checkHugeLog('stderr', 1_024, mostPeakMb));
test('csvlog, 300 MiB', () => checkHugeLog('csvlog', 300, mostPeakMb));
test('jsonlog, 300 MiB', () => checkHugeLog('jsonlog', 300, mostPeakMb));
