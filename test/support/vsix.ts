/** The package that users install, made from what `npm run build` left in dist/. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Packs that file. */
export async function packVsix(file: string): Promise<void> {
  if (!existsSync(path.join(root, 'dist/extension.js')))
    throw new Error('dist/ is not built: run `npm run build` first.');
  await mkdir(path.dirname(file), { recursive: true });
  const options = [
    // The bundles hold what they need of node_modules.
    '--no-dependencies',
    '--allow-missing-repository',
    // The README's picture is packed beside it.
    '--no-rewrite-relative-links',
    `--out=${file}`,
  ];
  await run(process.execPath, [require.resolve('@vscode/vsce/vsce'), 'package', ...options], { cwd: root });
}

/** A file inside a zip archive. */
export interface ZipEntry {
  readonly name: string;
  read(): Buffer;
}

const centralHeader = 0x02014b50;
const endOfCentralDirectory = 0x06054b50;
const deflated = 8;

/** What a zip archive holds, by its central directory (PKWARE APPNOTE 4.3.12; no zip64, whose limits a VSIX is far from). */
export async function readZip(file: string): Promise<readonly ZipEntry[]> {
  const bytes = await readFile(file);
  const end = bytes.lastIndexOf(Buffer.from(Uint32Array.of(endOfCentralDirectory).buffer));
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  while (bytes.readUInt32LE(at) === centralHeader) {
    const header = at;
    const nameLength = bytes.readUInt16LE(header + 28);
    const name = bytes.toString('utf8', header + 46, header + 46 + nameLength);
    entries.push({ name, read: () => contentOf(bytes, header) });
    at += 46 + nameLength + bytes.readUInt16LE(header + 30) + bytes.readUInt16LE(header + 32);
  }
  return entries;
}

function contentOf(bytes: Buffer, header: number): Buffer {
  const size = bytes.readUInt32LE(header + 20);
  const local = bytes.readUInt32LE(header + 42);
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const content = bytes.subarray(start, start + size);
  return bytes.readUInt16LE(header + 10) === deflated ? inflateRawSync(content) : content;
}
