/** From a connection to an open server: password, one more try when it is refused, and cancel while it connects. */
import type { Cancel } from '../core/cancel.ts';
import { isUserError, userErrors } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { ConnectOptions, Server } from '../core/ports.ts';
import { orCancelled } from './cancellation.ts';
import type { Connection } from './connectionProfile.ts';
import { environmentDefaults, toConnectOptions } from './connectionProfile.ts';
import type { Passwords } from './passwords.ts';

export interface OpenerPorts {
  readonly passwords: Passwords;
  readonly openSample: (onProgress: (message: string) => void) => Promise<ConnectOptions>;
  readonly openServer: (options: ConnectOptions, log: Log) => Promise<Server>;
  /** `why`: what the server said. undefined: the user left the question. */
  readonly askPassword: (connection: Connection, why: string) => Promise<string | undefined>;
  readonly log: Log;
}

export interface OpenRequest {
  /** False: never asks, for what the user did not start. */
  readonly interactive: boolean;
  readonly onProgress: (message: string) => void;
  readonly cancel: Cancel;
  /** Entered just now, kept if it works; the stored one otherwise. */
  readonly password?: string;
}

export class ServerOpener {
  readonly #ports: OpenerPorts;

  constructor(ports: OpenerPorts) {
    this.#ports = ports;
  }

  /** Runs `work` on the connection's server, and closes it whatever happens. @throws UserError */
  async use<T>(
    connection: Connection,
    request: OpenRequest,
    work: (server: Server) => Promise<T>,
  ): Promise<T> {
    const server = await this.#open(connection, request);
    try {
      return await work(server);
    } finally {
      await this.#close(server);
    }
  }

  async #open(connection: Connection, request: OpenRequest): Promise<Server> {
    if (connection.origin === 'sample') {
      const options = await orCancelled(
        this.#ports.openSample(request.onProgress),
        request.cancel,
        () => undefined,
      );
      return this.#connect(options, request);
    }
    request.onProgress(`Connecting to ${connection.name}`);
    const known = request.password ?? (await this.#ports.passwords.get(connection.id));
    let server: Server;
    let entered = request.password;
    try {
      server = await this.#connect(await this.#options(connection, known), request);
    } catch (error) {
      const asks = isUserError(error, 'wrongPassword') || isUserError(error, 'passwordMissing');
      if (!asks || !request.interactive) throw error;
      entered = await this.#ports.askPassword(connection, error.message);
      if (entered === undefined) throw userErrors.cancelled();
      server = await this.#connect(await this.#options(connection, entered), request);
    }
    // Kept only once it worked: a failed attempt never replaces or erases the password that is stored.
    // Where the PG* variables lead can change under the same id, so theirs is asked for each time.
    if (entered !== undefined && connection.origin === 'settings')
      await this.#ports.passwords.set(connection.id, entered);
    return server;
  }

  async #options(connection: Connection, password: string | undefined): Promise<ConnectOptions> {
    if (connection.origin !== 'environment' || password !== undefined)
      return toConnectOptions(connection, password);
    const { connectOptionsFromEnv } = await import('../pg/connectOptions.ts');
    const options = connectOptionsFromEnv(process.env, environmentDefaults);
    if (!options.ok) throw options.error;
    return { ...options.value, name: connection.name };
  }

  #connect(options: ConnectOptions, { cancel }: OpenRequest): Promise<Server> {
    const { openServer, log } = this.#ports;
    return orCancelled(openServer(options, log), cancel, (late) => void this.#close(late));
  }

  async #close(server: Server): Promise<void> {
    try {
      await server.close();
    } catch (error) {
      this.#ports.log('warn', 'closing a connection failed', { error: String(error) });
    }
  }
}
