/** Rendered text kept for people to read, most of it under test/golden. UPDATE_GOLDEN=1 rewrites it on purpose; missing is a failure. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** @param name path under test/golden, with extension: "report/guide.txt". */
export function checkGolden(name: string, actual: string): void {
  checkFile(`test/golden/${name}`, actual);
}

/** @param name path in the project, of a file that is made from its sources: "docs/FINDINGS.md". */
export function checkFile(name: string, actual: string): void {
  const file = path.join(root, name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, actual);
    return;
  }
  assert.ok(existsSync(file), `${name} is missing; look at the output, then run with UPDATE_GOLDEN=1`);
  assert.equal(actual, readFileSync(file, 'utf8'), `${name} differs; UPDATE_GOLDEN=1 accepts the change`);
}
