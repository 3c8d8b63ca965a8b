/**
 * From what the server, the socket or TLS says to the sentence that a user reads.
 * Decided by SQLSTATE and by Node's error codes, never by a message, which may be in any language.
 */
import { DatabaseError } from 'pg';
import type { ConnectOptions } from '../core/ports.ts';
import { UserError, userErrors } from '../core/errors.ts';

/** What the session knew when its statement failed. */
export interface RunContext {
  readonly cancelRequested: boolean;
  readonly timeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly elapsedMs: number;
  readonly user: string;
}

/** Both a statement_timeout and a cancel are SQLSTATE 57014; the server's clock may run a little ahead of ours. */
const TIMEOUT_TOLERANCE = 0.95;

/** The server ends the session in these: admin_shutdown, crash_shutdown, cannot_connect_now, idle-in-transaction timeout. */
const sessionEnded = new Set(['57P01', '57P02', '57P03', '57P05', '25P03']);

const unreachableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ENOENT',
  'EACCES',
  'ENOTSOCK',
]);

/** What a certificate check of Node says, in words; every other TLS error is told by its code. */
const tlsReasons: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the server’s certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN:
    'the server’s certificate chain ends in a self-signed certificate that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the server’s certificate is signed by an authority that is not known',
  UNABLE_TO_GET_ISSUER_CERT: 'the server’s certificate is signed by an authority that is not known',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the server’s certificate is signed by an authority that is not known',
  CERT_HAS_EXPIRED: 'the server’s certificate has expired',
  CERT_NOT_YET_VALID: 'the server’s certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the server’s certificate is for another host name',
};

/** The error of an attempt to connect, as a user reads it. */
export function toConnectError(error: unknown, options: ConnectOptions): UserError {
  if (error instanceof UserError) return error;
  if (error instanceof DatabaseError) return refusedByServer(error, options);
  const code = errorCode(error);
  const tls = tlsDetail(code);
  if (tls !== undefined) return userErrors.tlsRefused(tls, error);
  if (code === undefined || unreachableCodes.has(code)) {
    return userErrors.unreachable(options.host, options.port, error);
  }
  return userErrors.connectionRefused(`the connection was closed (${code})`, error);
}

function refusedByServer(error: DatabaseError, options: ConnectOptions): UserError {
  if (error.code === '28P01') return userErrors.wrongPassword(options.user, error);
  if (error.code === '3D000') return userErrors.noSuchDatabase(options.database, error);
  return userErrors.connectionRefused(plainSentence(error.message), error);
}

/** The error of a statement, as a user reads it. */
export function toRunError(error: unknown, context: RunContext): UserError {
  if (error instanceof UserError) return error;
  if (!(error instanceof DatabaseError)) {
    if (context.cancelRequested) return userErrors.cancelled();
    return userErrors.serverLost(error);
  }
  const detail = plainSentence(error.message);
  const code = error.code ?? '';
  if (code === '57014') return interrupted(error, context);
  if (code === '55P03') return userErrors.lockTimeout(context.lockTimeoutMs, error);
  if (code === '25006') return userErrors.writesInReadOnly(detail, error);
  if (code === '42501') {
    return userErrors.notPermitted(
      `The server refused: ${detail}.`,
      `Ask the owner to grant "${context.user}" what is missing, or connect as another role.`,
      error,
    );
  }
  if (sessionEnded.has(code)) return userErrors.serverLost(error);
  if (code === '42601') return userErrors.notSql(detail, error);
  return userErrors.serverRefused(detail, remedyFor(code, error), error);
}

function interrupted(error: DatabaseError, context: RunContext): UserError {
  if (context.cancelRequested) return userErrors.cancelled();
  if (context.elapsedMs >= context.timeoutMs * TIMEOUT_TOLERANCE)
    return userErrors.timeout(context.timeoutMs, error);
  return userErrors.serverRefused('another session cancelled it', 'Profile it again.', error);
}

function remedyFor(code: string, error: DatabaseError): string {
  if (error.hint !== undefined) return asSentence(error.hint);
  if (code === '42P18') return 'Write the parameter’s type after it, as in $1::integer.';
  if (code === '42P01' || code === '42703' || code === '42883' || code === '3F000') {
    return 'Check the name, the database and the search_path of the connection.';
  }
  if (code === '08P01') return 'Give each parameter one value.';
  if (code.startsWith('22')) return 'Check the values of the parameters.';
  if (code.startsWith('53')) return 'The server is short of memory, disk or connections; try again later.';
  return 'Correct the statement and profile it again.';
}

/** The server's message is one line without a full stop; anything else is hostile or very long text. */
function plainSentence(message: string): string {
  const line = message.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > MESSAGE_LENGTH ? `${line.slice(0, MESSAGE_LENGTH)}…` : line;
}

const asSentence = (text: string): string => `${plainSentence(text)}.`;

/** Long enough for any message of the server's own; functions may raise texts of any length. */
const MESSAGE_LENGTH = 400;

export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function tlsDetail(code: string | undefined): string | undefined {
  if (code === undefined) return undefined;
  const reason = tlsReasons[code];
  if (reason !== undefined) return reason;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return `the handshake failed (${code})`;
  }
  return undefined;
}

/** SQLSTATE of a server's error, for callers that branch on it. */
export function sqlState(error: unknown): string | undefined {
  if (error instanceof DatabaseError) return error.code;
  return error instanceof Error && error.cause !== undefined ? sqlState(error.cause) : undefined;
}
