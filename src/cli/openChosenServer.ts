/** From --connection, --sample or the PG* variables to a server, and back. */
import os from 'node:os';
import path from 'node:path';
import type { Cancel } from '../core/cancel.ts';
import { userErrors } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { ConnectOptions, Server } from '../core/ports.ts';
import { openSampleDatabase } from '../embedded/sampleDatabase.ts';
import { connectOptionsFromEnv, connectOptionsFromUrl } from '../pg/connectOptions.ts';
import { openServer } from '../pg/openServer.ts';
import type { ServerChoice } from './args.ts';

export interface ServerUse {
  readonly log: Log;
  readonly onProgress: (message: string) => void;
  readonly cancel: Cancel;
}

/** Opens the server, hands it to `use`, and closes everything whatever happens. @throws UserError */
export async function withChosenServer<T>(
  choice: ServerChoice,
  context: ServerUse,
  use: (server: Server) => Promise<T>,
): Promise<T> {
  if (!choice.sample) return withServer(chosenOptions(choice), context, use);
  const sample = await openSampleDatabase({
    directory: sampleDirectory(process.platform, process.env, os.homedir()),
    serverScript: path.join(__dirname, 'sampleServer.js'),
    log: context.log,
    onProgress: context.onProgress,
  });
  try {
    const environment = choice.environment ?? sample.options.environment;
    return await withServer({ ...sample.options, environment }, context, use);
  } finally {
    await sample.release();
  }
}

async function withServer<T>(
  options: ConnectOptions,
  { log, cancel }: ServerUse,
  use: (server: Server) => Promise<T>,
): Promise<T> {
  if (cancel.requested) throw userErrors.cancelled();
  const server = await openServer(options, log);
  try {
    if (cancel.requested) throw userErrors.cancelled();
    return await use(server);
  } finally {
    await server.close();
  }
}

function chosenOptions({ connection, environment = 'production' }: ServerChoice): ConnectOptions {
  const defaults = { environment };
  const options =
    connection === undefined
      ? connectOptionsFromEnv(process.env, defaults)
      : connectOptionsFromUrl(connection, defaults);
  if (!options.ok) throw options.error;
  return options.value;
}

/** The user's cache folder, where the platform keeps it: what is in it can be made again. */
export function sampleDirectory(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  return path.join(cacheFolder(platform, environment, home), 'pg-query-profiler', 'sample');
}

function cacheFolder(
  platform: NodeJS.Platform,
  { XDG_CACHE_HOME, LOCALAPPDATA }: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  if (platform === 'win32') return LOCALAPPDATA ?? path.join(home, 'AppData', 'Local');
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches');
  // The XDG Base Directory Specification: relative paths are to be ignored.
  return XDG_CACHE_HOME !== undefined && path.isAbsolute(XDG_CACHE_HOME)
    ? XDG_CACHE_HOME
    : path.join(home, '.cache');
}
