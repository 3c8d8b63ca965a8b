// The test files, as paths from the project's folder.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './steps.mjs';

export const findTests = (pattern) =>
  readdirSync(path.join(root, 'test'), { recursive: true })
    .map((file) => path.join('test', file))
    .filter((file) => pattern.test(file.replaceAll('\\', '/')))
    .toSorted();
