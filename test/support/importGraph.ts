/** Who imports whom by value, as esbuild sees it: `import type` leaves no trace, a re-export through a third file does. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { bundles } from '../../.esbuild.mjs';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A source file, from the project's folder, with what it imports: source files, and packages by the name in the import. */
export interface SourceFile {
  readonly file: string;
  readonly imports: readonly string[];
}

/** Every TypeScript file of these folders, from the project's folder, with forward slashes. */
export async function sourceFiles(...folders: readonly string[]): Promise<readonly string[]> {
  const listed = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(path.join(root, folder), { recursive: true })).map((file) => path.join(folder, file)),
    ),
  );
  return listed
    .flat()
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts'));
}

/** The import graph of those files, whether a bundle reaches them or not. Packages are not looked into. */
export async function importGraph(files: readonly string[]): Promise<readonly SourceFile[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...files],
    outdir: '.out',
    write: false,
    bundle: true,
    metafile: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  return files.map((file) => ({
    file,
    imports: (metafile.inputs[file]?.imports ?? []).map((each) => each.path),
  }));
}

/** The bundles of .esbuild.mjs, built in memory: for each, the source files and packages' files inside it. */
export async function bundleContents(): Promise<ReadonlyMap<string, readonly string[]>> {
  const contents = new Map<string, readonly string[]>();
  for (const [name, options] of Object.entries(bundles)) {
    const { metafile } = await build({ ...options, write: false, outfile: `${name}.js`, metafile: true });
    contents.set(name, bytesIn(metafile));
  }
  return contents;
}

/** Files that gave the bundle at least a byte: what tree shaking dropped is not in it. */
const bytesIn = (metafile: Metafile): readonly string[] =>
  Object.values(metafile.outputs).flatMap((output) =>
    Object.entries(output.inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => file),
  );
