// Installs what package-lock.json names, when it is not there or older than the lock file.
import { statSync } from 'node:fs';
import path from 'node:path';
import { mustRun, root, step } from './steps.mjs';

const changedAt = (file) => statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

export async function ensureInstalled() {
  // npm writes this file at the end of each install that went well.
  if (changedAt('node_modules/.package-lock.json') >= changedAt('package-lock.json')) return;
  step('Installing dependencies (once)');
  await mustRun('npm', ['ci', '--no-audit', '--no-fund'], { shell: process.platform === 'win32' });
}
