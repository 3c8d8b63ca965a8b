// npm run bench -- NAME: measures against the bars of test/bench/NAME.ts; without a name, all of them.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ensureInstalled } from './install.mjs';
import { root, run, step } from './steps.mjs';

await ensureInstalled();
const folder = path.join(root, 'test/bench');
const known = readdirSync(folder)
  .map((file) => path.basename(file, '.ts'))
  .filter((name) => !name.startsWith('generated'));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark "${unknown.join('", "')}". Known: ${known.join(', ')}.\n`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : known) {
  step(`Benchmark: ${name}`);
  const code = await run(process.execPath, [
    '--expose-gc',
    '--import',
    'tsx',
    path.join(folder, `${name}.ts`),
  ]);
  if (code !== 0) process.exitCode = 1;
}
