/** Rendered text kept under test/golden for people to read. UPDATE_GOLDEN=1 rewrites it on purpose; missing is a failure. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '../golden');

/** @param name path under test/golden, with extension: "report/guide.txt". */
export function checkGolden(name: string, actual: string): void {
  const file = path.join(folder, name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, actual);
    return;
  }
  assert.ok(
    existsSync(file),
    `test/golden/${name} is missing; look at the output, then run with UPDATE_GOLDEN=1`,
  );
  assert.equal(
    actual,
    readFileSync(file, 'utf8'),
    `test/golden/${name} differs; UPDATE_GOLDEN=1 accepts the change`,
  );
}
