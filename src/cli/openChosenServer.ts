/** From --connection, --sample or the PG* variables to a server, and back. */
import path from 'node:path';
import type { Cancel } from '../core/cancel.ts';
import { userErrors } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { ConnectOptions, Server } from '../core/ports.ts';
import { openSampleDatabase } from '../embedded/sampleDatabase.ts';
import { defaultSampleDirectory } from '../embedded/sampleDirectory.ts';
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
    directory: defaultSampleDirectory(process.env, process.platform),
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
  const password = process.env['PGPASSWORD'];
  const defaults = { environment, ...(password !== undefined && password !== '' && { password }) };
  const options =
    connection === undefined
      ? connectOptionsFromEnv(process.env, defaults)
      : connectOptionsFromUrl(connection, defaults);
  if (!options.ok) throw options.error;
  return options.value;
}
