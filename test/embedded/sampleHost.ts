/** A host in a process of its own, to be killed: opens the sample named on the command line, says so, and waits. */
import { openSampleDatabase } from '../../src/embedded/sampleDatabase.ts';

const [directory = '', serverScript = '', scale = '1'] = process.argv.slice(2);
const sample = await openSampleDatabase({
  directory,
  serverScript,
  log: () => undefined,
  onProgress: (message) => process.stdout.write(`${message}\n`),
  scale: Number(scale),
});
process.stdout.write(`open at ${sample.options.host}\n`);
setInterval(() => undefined, 60_000);
