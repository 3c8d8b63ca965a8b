/**
 * Entry of the sample's owner process, and of the thread in it that PGlite runs in. Started by sampleDatabase.ts with the
 * options as its one argument; tells its starter over IPC how it went, then lives on its own.
 */
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { runDatabaseThread } from './databaseThread.ts';
import { type OwnerOptions, runOwner } from './owner.ts';

/** What the starter waits for. */
export type StartResult =
  | { readonly kind: 'listening' }
  /** Another process owns the directory. */
  | { readonly kind: 'occupied' }
  | { readonly kind: 'failed'; readonly reason: string };

async function startOwner(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '{}') as OwnerOptions;
  try {
    const listening = await runOwner(fileURLToPath(import.meta.url), options);
    await tellStarter({ kind: listening ? 'listening' : 'occupied' });
    if (!listening) process.exit(0);
  } catch (error) {
    await tellStarter({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
    process.exit(1);
  }
}

/** Resolves when it is said, or the starter is gone. */
function tellStarter(result: StartResult): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected && process.send) process.send(result, undefined, undefined, () => resolve());
    else resolve();
  });
}

if (isMainThread) void startOwner();
else void runDatabaseThread();
