/** Stopping a statement on the server: closing our socket would leave it running there. */
import { createConnection } from 'node:net';
import type { ConnectOptions } from '../core/ports.ts';
import type { Log } from '../core/log.ts';
import { connect } from './connect.ts';
import type { Connection } from './connection.ts';
import { applicationName, ownMarker } from './ownStatements.ts';

/** The transaction or statement to stop, as the server itself names it. */
export interface CancelTarget {
  readonly pid: string;
  /** Start of the transaction: proves that the pid still works for us, behind a pooler too. */
  readonly transactionStart?: string;
}

/** Protocol: length 16, then the code of CancelRequest (1234 and 5678 in two halves). */
const CANCEL_REQUEST_CODE = 80_877_102;
const CANCEL_REQUEST_BYTES = 16;
const CANCEL_SOCKET_MS = 2_000;

const cancelSql = `SELECT ${ownMarker} pg_cancel_backend(pid) AS sent FROM pg_stat_activity
  WHERE pid = $1 AND application_name = $2 AND state = 'active' AND strpos(query, $3) > 0
  AND ($4::text IS NULL OR xact_start = $4::timestamptz)`;

/**
 * Stops what runs on `running`. The sample database has one backend for all, so nothing could be asked on a
 * second connection there: it takes the wire-level CancelRequest, as does a server without a free connection.
 */
export async function stopStatement(
  options: ConnectOptions,
  running: Connection,
  target: CancelTarget | undefined,
  log: Log,
): Promise<void> {
  if (options.isSample || target === undefined) return sendCancelRequest(options, running);
  let second: Connection;
  try {
    second = await connect(options);
  } catch (error) {
    log('warn', 'no second connection to cancel on', { error: String(error) });
    return sendCancelRequest(options, running);
  }
  try {
    const values = [target.pid, applicationName, ownMarker, target.transactionStart ?? null];
    const rows = await second.query(cancelSql, values);
    log('debug', 'cancel sent', { sent: rows.length > 0 });
  } finally {
    await second.close();
  }
}

/** The protocol's own cancel, by process id and secret key, on a socket of its own; resolves when that is closed. */
function sendCancelRequest(options: ConnectOptions, running: Connection): Promise<void> {
  const key = running.backendKey;
  if (key === undefined) return Promise.resolve();
  const request = Buffer.alloc(CANCEL_REQUEST_BYTES);
  request.writeInt32BE(CANCEL_REQUEST_BYTES, 0);
  request.writeInt32BE(CANCEL_REQUEST_CODE, 4);
  request.writeInt32BE(key.processId, 8);
  request.writeInt32BE(key.secretKey, 12);
  return new Promise((resolve) => {
    const socket = options.host.startsWith('/')
      ? createConnection(`${options.host}/.s.PGSQL.${options.port}`)
      : createConnection(options.port, options.host);
    socket.setTimeout(CANCEL_SOCKET_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve());
    socket.on('connect', () => socket.end(request));
    socket.resume();
  });
}
