/** Where the owner listens: for this user only. */
import { lstat, mkdtemp, readdir, realpath, rmdir, unlink } from 'node:fs/promises';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Part of the socket's name, by which libpq and `pg` find it in its folder. */
const socketPort = 5432;
const socketName = `.s.PGSQL.${socketPort}`;
const folderPrefix = 'pgqp-';
/** sun_path holds 108 bytes with the closing zero on Linux, 104 on macOS. */
const longestSocketPath = 103;
/** What mkdtemp puts behind the prefix. */
const randomCharacters = 6;

export const socketPath = (folder: string): string => path.join(folder, socketName);

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export type EndpointKind = 'socket' | 'loopback';

export const usualEndpoint = (platform: NodeJS.Platform): EndpointKind =>
  platform === 'win32' ? 'loopback' : 'socket';

/**
 * A new folder for the socket, which only its owner may enter (mkdtemp makes it 0700). Its name is random, so nobody can
 * have made it before us, and it lies in a temporary folder, because paths of data directories are too long for sockets.
 */
export async function createSocketFolder(env: NodeJS.ProcessEnv): Promise<string> {
  const parents = [env['XDG_RUNTIME_DIR'], tmpdir(), '/tmp'].filter(
    (parent) => parent !== undefined && fits(parent),
  );
  for (const parent of parents) {
    const folder = await mkdtemp(
      path.join(await realpath(parent ?? '/tmp').catch(() => '/tmp'), folderPrefix),
    ).catch(() => undefined);
    if (folder !== undefined) return folder;
  }
  throw new Error('there is no temporary folder to put its socket in');
}

const fits = (parent: string): boolean =>
  Buffer.byteLength(path.join(parent, folderPrefix, socketName)) + randomCharacters <= longestSocketPath;

/** Takes away the folder that a killed owner left; nothing else. */
export async function removeSocketFolder(folder: string): Promise<void> {
  if (!path.isAbsolute(folder) || !path.basename(folder).startsWith(folderPrefix)) return;
  const found = await lstat(folder).catch(() => undefined);
  if (!found?.isDirectory() || found.uid !== process.getuid?.()) return;
  const names = await readdir(folder);
  if (names.some((name) => name !== socketName)) return;
  await unlink(socketPath(folder)).catch(() => undefined);
  await rmdir(folder).catch(() => undefined);
}

export async function listen(server: Server, socketFolder: string | undefined): Promise<Endpoint> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const listening = () => {
      server.off('error', reject);
      resolve();
    };
    if (socketFolder === undefined) server.listen({ host: '127.0.0.1', port: 0 }, listening);
    else server.listen(socketPath(socketFolder), listening);
  });
  const address = server.address();
  if (socketFolder === undefined && address !== null && typeof address === 'object')
    return { host: '127.0.0.1', port: address.port };
  return { host: socketFolder ?? '', port: socketPort };
}

/** What `net.connect` takes. */
export function connectTarget(
  endpoint: Endpoint,
): { readonly path: string } | { readonly host: string; readonly port: number } {
  return endpoint.host.startsWith('/') ? { path: socketPath(endpoint.host) } : endpoint;
}
