/** PostgreSQL's wire protocol, version 3: as much as a server in front of one backend needs. */

export const cancelRequestCode = 80877102;
export const sslRequestCode = 80877103;
export const gssRequestCode = 80877104;

/** Before a client has proved who it is: PostgreSQL's own MAX_STARTUP_PACKET_LENGTH. */
export const maxStartupBytes = 10_000;
/** A frontend message beyond this is taken for nonsense; PostgreSQL's limit is 1 GB, which would fill our memory first. */
const maxMessageBytes = 256 * 1024 * 1024;

const headerBytes = 5;

export type TransactionStatus = 'I' | 'T' | 'E';

export interface Message {
  readonly type: string;
  /** The message whole, type and length included. */
  readonly bytes: Buffer;
  readonly body: Buffer;
}

/** Cuts a byte stream into messages with a type byte. */
export class MessageReader {
  #rest: Buffer = Buffer.alloc(0);

  /** @throws when the stream is not the protocol. */
  *read(chunk: Uint8Array): Generator<Message> {
    this.#rest = this.#rest.length === 0 ? asBuffer(chunk) : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      if (this.#rest.length < headerBytes) return;
      const length = this.#rest.readInt32BE(1) + 1;
      if (length < headerBytes || length > maxMessageBytes)
        throw new Error('not a message of the PostgreSQL protocol');
      if (this.#rest.length < length) return;
      const bytes = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      yield { type: String.fromCharCode(bytes[0] ?? 0), bytes, body: bytes.subarray(headerBytes) };
    }
  }
}

/** Passes whole messages of the backend on, and notes the ones that the owner must know of. */
export class BackendStream {
  readonly #reader = new MessageReader();
  readonly #forward: (bytes: Uint8Array) => void;
  /** Of the last ReadyForQuery; undefined until there was one. */
  status: TransactionStatus | undefined;

  constructor(forward: (bytes: Uint8Array) => void) {
    this.#forward = forward;
  }

  push(chunk: Uint8Array): void {
    const whole: Buffer[] = [];
    for (const message of this.#reader.read(chunk)) {
      if (message.type === 'Z') this.status = statusOf(message);
      whole.push(message.bytes);
    }
    if (whole.length > 0) this.#forward(Buffer.concat(whole));
  }
}

export function statusOf(ready: Message): TransactionStatus {
  const status = String.fromCharCode(ready.body[0] ?? 0);
  return status === 'T' || status === 'E' ? status : 'I';
}

export function frame(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  const header = Buffer.alloc(headerBytes);
  header.write(type, 0, 'latin1');
  header.writeInt32BE(length, 1);
  return Buffer.concat([header, ...parts]);
}

export const text = (value: string): Buffer => Buffer.from(`${value}\0`);

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

const int16 = (value: number): Buffer => int32(value).subarray(2);

// Backend messages

export const authenticationOk = (): Buffer => frame('R', int32(0));
export const cleartextPasswordRequest = (): Buffer => frame('R', int32(3));
export const backendKeyData = (pid: number, secret: number): Buffer => frame('K', int32(pid), int32(secret));
export const readyForQuery = (status: TransactionStatus): Buffer => frame('Z', Buffer.from(status));

/** Tells a client that asks for protocol 3.2 or later that this is 3.0, with none of its options. */
export const negotiateVersion = (options: readonly string[]): Buffer =>
  frame('v', int32(0), int32(options.length), ...options.map(text));

export function errorResponse(severity: 'ERROR' | 'FATAL', code: string, sentence: string): Buffer {
  return frame(
    'E',
    text(`S${severity}`),
    text(`V${severity}`),
    text(`C${code}`),
    text(`M${sentence}`),
    Buffer.from([0]),
  );
}

// Frontend messages

export const query = (sql: string): Buffer => frame('Q', text(sql));
export const sync = (): Buffer => frame('S');

/** One statement under a name of its own: unlike a simple query it leaves the client's unnamed statement alone. */
export function namedStatement(name: string, sql: string): Buffer {
  return Buffer.concat([
    frame('P', text(name), text(sql), int16(0)),
    frame('B', text(name), text(name), int16(0), int16(0), int16(0)),
    frame('E', text(name), int32(0)),
    frame('C', Buffer.from('P'), text(name)),
    frame('C', Buffer.from('S'), text(name)),
  ]);
}

export function startupMessage(parameters: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.concat([
    int32(0x30000),
    ...Object.entries(parameters).flatMap(([name, value]) => [text(name), text(value)]),
    Buffer.from([0]),
  ]);
  return Buffer.concat([int32(body.length + 4), body]);
}

/** First column of a DataRow, as text. */
export function firstColumn(row: Message): string | undefined {
  const length = row.body.readInt32BE(2);
  return length < 0 ? undefined : row.body.toString('utf8', 6, 6 + length);
}

/** Names and values of a startup packet's body (after length and version). */
export function startupParameters(body: Buffer): ReadonlyMap<string, string> {
  const parts = body.toString('utf8').split('\0');
  const parameters = new Map<string, string>();
  for (let i = 0; i + 1 < parts.length && parts[i] !== ''; i += 2)
    parameters.set(parts[i] ?? '', parts[i + 1] ?? '');
  return parameters;
}

/** `-c name=value` and `--name=value` of the startup packet's `options`; a backslash keeps the next character. */
export function settingsOfOptions(options: string): readonly (readonly [string, string])[] {
  const words = [...options.matchAll(/(?:\\.|[^\s\\])+/gs)].map((match) =>
    match[0].replaceAll(/\\(.)/gs, '$1'),
  );
  const settings: (readonly [string, string])[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const setting =
      word === '-c'
        ? (words[(i += 1)] ?? '')
        : word.startsWith('--')
          ? word.slice(2)
          : word.startsWith('-c')
            ? word.slice(2)
            : '';
    const equals = setting.indexOf('=');
    if (equals > 0) settings.push([setting.slice(0, equals).replaceAll('-', '_'), setting.slice(equals + 1)]);
  }
  return settings;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
