/** What lies in a sample directory. Lock files are ownerRecord.ts's. */
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Says that the directory is ours: nothing is ever deleted without it. */
const markFile = 'pg-query-profiler-sample.json';
/** There only while `data` is whole; names the version of the data. */
const preparedFile = 'prepared.json';
const dataFolder = 'data';

export const dataDirectory = (directory: string): string => path.join(directory, dataFolder);

/** Makes the directory, or makes sure that it is a sample directory; a folder with other content is refused. */
export async function claimDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (await isSampleDirectory(directory)) return;
  const foreign = (await readdir(directory)).filter((name) => !name.startsWith(markFile));
  // Another starter may have marked it in between, and put its lock beside the mark.
  if (foreign.length > 0 && !(await isSampleDirectory(directory))) {
    throw new Error(`${directory} holds other files`);
  }
  await writeAtomically(path.join(directory, markFile), {
    product: 'pg-query-profiler',
    holds: 'sample database',
  });
}

export async function isSampleDirectory(directory: string): Promise<boolean> {
  return readFile(path.join(directory, markFile), 'utf8').then(
    (content) => content.includes('pg-query-profiler'),
    () => false,
  );
}

/** The stamp of the data that was prepared completely, if any. */
export async function preparedStamp(directory: string): Promise<string | undefined> {
  try {
    const prepared = JSON.parse(await readFile(path.join(directory, preparedFile), 'utf8')) as {
      stamp?: unknown;
    };
    return typeof prepared.stamp === 'string' ? prepared.stamp : undefined;
  } catch {
    return undefined;
  }
}

export async function markPrepared(directory: string, stamp: string): Promise<void> {
  await writeAtomically(path.join(directory, preparedFile), { stamp });
}

/** Back to nothing: first the mark, so that a crash in between leaves no half copy that looks whole. */
export async function discardData(directory: string): Promise<void> {
  await rm(path.join(directory, preparedFile), { force: true });
  await rm(dataDirectory(directory), { recursive: true, force: true });
}

/** The rest, once the data is gone; files that are not ours stay, and the directory with them. */
export async function discardDirectory(directory: string, lockFiles: readonly string[]): Promise<void> {
  await rm(path.join(directory, markFile), { force: true });
  await Promise.all(lockFiles.map((file) => rm(file, { force: true })));
  await rmdir(directory).catch(() => undefined);
}

/** Bytes of all files below; what vanishes meanwhile counts nothing. */
export async function directoryBytes(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(path.join(entry.parentPath, entry.name)).then(
          (found) => found.size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function writeAtomically(file: string, content: object): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify(content), { mode: 0o600 });
  await rename(draft, file);
}
