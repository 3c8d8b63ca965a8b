// Runs test files through node's test runner in two goes with one report: `node --import tsx .tasks/runTests.mjs FILE…`.
// What drives a whole VS Code measures times, so it runs with nothing beside it; the rest shares the processors.
// (Node's own command line knows one concurrency for all, and ends a failed run with the failures instead of the counts.)
import { availableParallelism } from 'node:os';
import { Readable } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/** More than the slowest file takes on a busy machine; a file that hangs fails instead of holding up the run. */
const fileTimeoutMs = 15 * 60_000;
/** Each file may start a server or a browser of its own; more at once would starve them of memory and processors. */
const mostAtOnce = Math.min(4, Math.max(2, availableParallelism() - 1));

const runsAlone = (file) => /^test[\\/](vscode|bench)[\\/]/.test(file);
const counts = { tests: 0, suites: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0, duration_ms: 0 };

/** The events of both goes, their closing counts added up instead of passed on. */
async function* events(files) {
  const goes = [
    { files: files.filter((file) => !runsAlone(file)), concurrency: mostAtOnce },
    { files: files.filter(runsAlone), concurrency: 1 },
  ];
  for (const go of goes.filter((each) => each.files.length > 0)) {
    for await (const event of run({ ...go, timeout: fileTimeoutMs })) {
      const [, name, value] =
        /^(\w+) ([\d.]+)$/.exec(event.type === 'test:diagnostic' ? event.data.message : '') ?? [];
      if (name in counts && event.data.file === undefined) counts[name] += Number(value);
      else yield event;
    }
  }
}

const report = Readable.from(events(process.argv.slice(2))).compose(new spec());
for await (const text of report) process.stdout.write(text);

process.stdout.write(
  `\n${Object.entries(counts)
    .map(([name, count]) => `# ${name} ${count}`)
    .join('\n')}\n`,
);
const skipsFail = process.env.PGQP_NO_SKIPS === '1';
const failed = counts.fail + counts.cancelled + (skipsFail ? counts.skipped + counts.todo : 0);
process.exitCode = failed > 0 || counts.tests === 0 ? 1 : 0;
