/**
 * Every error that a user reads, one factory each: what happened, and what to do.
 * Branch on `code`, never on the message.
 */
import { formatCount } from '../shared/format.ts';

export type UserErrorCode = keyof typeof userErrors;

/** Who is at fault decides the exit code of the command line: usage 2, server 3. */
export type Fault = 'usage' | 'server';

export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: string;
  readonly fault: Fault;
  /** What to do, one sentence; the message and it together are what the user sees. */
  readonly remedy: string;

  constructor(code: string, fault: Fault, message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.fault = fault;
    this.remedy = remedy;
  }

  /** The sentence that a user sees. */
  get sentence(): string {
    return this.remedy === '' ? this.message : `${this.message} ${this.remedy}`;
  }
}

export function isUserError(error: unknown, code?: UserErrorCode): error is UserError {
  return error instanceof UserError && (code === undefined || error.code === code);
}

const usage = (code: string, message: string, remedy: string, cause?: unknown) =>
  new UserError(code, 'usage', message, remedy, cause);
const server = (code: string, message: string, remedy: string, cause?: unknown) =>
  new UserError(code, 'server', message, remedy, cause);

export const userErrors = {
  // Input
  emptyInput: () =>
    usage('emptyInput', 'There is no SQL here.', 'Write a statement, or place the cursor in one.'),
  notSql: (syntaxError: string, cause?: unknown) =>
    usage(
      'notSql',
      `PostgreSQL cannot parse this: ${syntaxError}.`,
      'Correct the statement and profile it again.',
      cause,
    ),
  severalStatements: (count: number) =>
    usage(
      'severalStatements',
      `There are ${count} statements here.`,
      'Select one of them, or place the cursor in it.',
    ),
  unsupportedStatement: (kind: string, reason: string) =>
    usage(
      'unsupportedStatement',
      `${kind} cannot be profiled: ${reason}.`,
      'Profile a SELECT, INSERT, UPDATE, DELETE, MERGE or VALUES statement.',
    ),
  writesNotAllowed: (kind: string, allow: string) =>
    usage('writesNotAllowed', `${kind} changes or locks rows, and was not run.`, allow),
  missingParameters: (names: string) =>
    usage(
      'missingParameters',
      `The statement has parameters without a value: ${names}.`,
      'Give each a value, or ask for the generic plan.',
    ),
  valuesHidden: () =>
    usage(
      'valuesHidden',
      'The values of this statement are hidden, so it cannot be run as it was.',
      'Profile it where it is written.',
    ),
  notAPlan: (why: string) =>
    usage(
      'notAPlan',
      `This is not a plan that can be read: ${why}.`,
      'Paste the whole output of EXPLAIN, in any of its formats.',
    ),
  badUsage: (message: string, remedy: string) => usage('badUsage', message, remedy),
  cannotRead: (file: string, reason: string, cause?: unknown) =>
    usage('cannotRead', `${file} cannot be read: ${reason}.`, 'Check its name and its permissions.', cause),
  cannotWrite: (file: string, reason: string, cause?: unknown) =>
    usage(
      'cannotWrite',
      `${file} cannot be written: ${reason}.`,
      'Choose another place for the output.',
      cause,
    ),
  // Connections
  noConnection: () =>
    usage(
      'noConnection',
      'There is no connection to profile on.',
      'Give --connection URL, set PGHOST and its kin, or use the sample database.',
    ),
  noConnectionSelected: () =>
    usage(
      'noConnectionSelected',
      'No connection is selected.',
      'Open the sample database, or add a connection.',
    ),
  wrongPassword: (user: string, cause?: unknown) =>
    server(
      'wrongPassword',
      `The server refused the password of "${user}".`,
      'Enter the password again.',
      cause,
    ),
  passwordMissing: (user: string) =>
    server(
      'passwordMissing',
      `The server asks for a password of "${user}", and none was given.`,
      'Enter the password.',
    ),
  unreachable: (host: string, port: number, cause?: unknown) =>
    server(
      'unreachable',
      `No server answers at ${host}:${port}.`,
      'Check the host, the port and that the server runs.',
      cause,
    ),
  noSuchDatabase: (database: string, cause?: unknown) =>
    server(
      'noSuchDatabase',
      `The server has no database "${database}".`,
      'Check the name of the database.',
      cause,
    ),
  notPermitted: (message: string, remedy: string, cause?: unknown) =>
    server('notPermitted', message, remedy, cause),
  tlsRefused: (detail: string, cause?: unknown) =>
    server(
      'tlsRefused',
      `A secure connection could not be made: ${detail}.`,
      'Check the ssl mode of the connection and the server’s certificate.',
      cause,
    ),
  serverTooOld: (version: string) =>
    server('serverTooOld', `PostgreSQL ${version} is too old.`, 'Connect to PostgreSQL 13 or newer.'),
  connectionRefused: (detail: string, cause?: unknown) =>
    server(
      'connectionRefused',
      `The server refused the connection: ${detail}.`,
      'Check the connection’s settings.',
      cause,
    ),
  connectionClosed: () =>
    server('connectionClosed', 'The connection was closed in the meantime.', 'Open it again.'),
  // Running
  cancelled: () => server('cancelled', 'The statement was cancelled.', ''),
  timeout: (ms: number, cause?: unknown) =>
    server(
      'timeout',
      `The statement ran longer than ${formatCount(ms)} ms and was stopped.`,
      'Raise the timeout, or ask for the plan without running it.',
      cause,
    ),
  lockTimeout: (ms: number, cause?: unknown) =>
    server(
      'lockTimeout',
      `A lock was not granted within ${ms} ms, so nothing was run.`,
      'Try again when the other session is done.',
      cause,
    ),
  serverLost: (cause?: unknown) =>
    server(
      'serverLost',
      'The server closed the connection in mid-query.',
      'Check that it runs, then profile again.',
      cause,
    ),
  writesInReadOnly: (detail: string, cause?: unknown) =>
    server(
      'writesInReadOnly',
      `The statement tried to write, and was stopped: ${detail}.`,
      'Nothing was changed; profile it as a writing statement only where that is allowed.',
      cause,
    ),
  serverRefused: (detail: string, remedy: string, cause?: unknown) =>
    server('serverRefused', `The server refused the statement: ${detail}.`, remedy, cause),
  /** Trials and DDL are for dev profiles only. */
  changesNotAllowed: (what: string, why: string) =>
    usage(
      'changesNotAllowed',
      `${what} was not done: ${why}.`,
      'Use a dev connection or the sample database.',
    ),
  coldRunsNotPossible: (why: string, remedy: string) =>
    usage('coldRunsNotPossible', `Cold runs are not possible here: ${why}.`, remedy),
  trialInconclusive: (why: string) =>
    server(
      'trialInconclusive',
      `The trial of the index says nothing: ${why}.`,
      'Try again when older transactions have ended.',
    ),
  unfinishedIndex: (drop: string, cause?: unknown) =>
    server(
      'unfinishedIndex',
      'The index was not finished, and an older transaction keeps it from being removed.',
      `Run later: ${drop};`,
      cause,
    ),
  sampleFailed: (detail: string, cause?: unknown) =>
    server(
      'sampleFailed',
      `The sample database could not be started: ${detail}.`,
      'Try again; if that fails, run “Remove sample data” and open it anew.',
      cause,
    ),
  // The product itself
  runGone: () =>
    usage(
      'runGone',
      'This run is not kept any more, or its file is damaged.',
      'Profile the statement again.',
    ),
  reportGone: () => usage('reportGone', 'This profile is no longer at hand.', 'Profile the statement again.'),
  unexpected: (cause: unknown) =>
    server(
      'unexpected',
      `Something went wrong that should not have: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'The log has the details.',
      cause,
    ),
  notSampleData: (directory: string) =>
    usage(
      'notSampleData',
      `${directory} is not a sample database, so nothing was deleted.`,
      'Check the folder that was named.',
    ),
} as const;
