/**
 * A lease says "a host uses this database": a connection to the owner's endpoint that opens with a code of its own in
 * the place of PostgreSQL's protocol version, then carries JSON lines. It closes with its host, however that ends.
 */
import { connect, type Socket } from 'node:net';
import type { LogLevel } from '../core/log.ts';
import { connectTarget } from './endpoint.ts';
import type { OwnerRecord } from './ownerRecord.ts';
import { int32, text } from './wire.ts';

/** Far from PostgreSQL's own codes, which are 1234 << 16 and versions. */
export const leaseRequestCode = 0x51504c31;

export type ToHost =
  | { readonly kind: 'welcome' }
  | { readonly kind: 'progress'; readonly text: string }
  | {
      readonly kind: 'log';
      readonly level: LogLevel;
      readonly text: string;
      readonly data: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly reason: string };

export type ToOwner = { readonly kind: 'stop' };

export interface Lease {
  send(message: ToOwner): void;
  /** Lets a host end while it still holds the lease. */
  unref(): void;
  release(): Promise<void>;
  readonly isOpen: boolean;
  /** Resolves when the connection is gone, whoever closed it. */
  readonly closed: Promise<void>;
}

/** An owner that is there answers at once: its database works in a thread of its own. */
const welcomeWithinMs = 5_000;

/** undefined when nobody answers there. */
export async function openLease(
  record: OwnerRecord,
  onMessage: (message: ToHost) => void,
): Promise<Lease | undefined> {
  const socket = connect(connectTarget(record));
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  socket.on('error', () => socket.destroy());
  const welcomed = new Promise<boolean>((resolve) => {
    const answer = (there: boolean) => {
      clearTimeout(timer);
      resolve(there);
    };
    const timer = setTimeout(() => answer(false), welcomeWithinMs);
    void closed.then(() => answer(false));
    readLines(socket, (received) => {
      const message = received as ToHost;
      if (message.kind === 'welcome') answer(true);
      else onMessage(message);
    });
  });
  const body = Buffer.concat([int32(leaseRequestCode), text(record.token)]);
  socket.write(Buffer.concat([int32(body.length + 4), body]));
  if (!(await welcomed)) {
    socket.destroy();
    return undefined;
  }
  return {
    send: (message) => socket.write(line(message)),
    unref: () => socket.unref(),
    get isOpen() {
      return !socket.destroyed && socket.readable;
    },
    closed,
    release: async () => {
      socket.ref();
      socket.end();
      await closed;
    },
  };
}

export const line = (value: ToHost | ToOwner): string => `${JSON.stringify(value)}\n`;

/** A line that is no JSON ends the connection: the other end is not ours. */
export function readLines(socket: Socket, onMessage: (message: unknown) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const each of lines) {
      try {
        onMessage(JSON.parse(each));
      } catch {
        socket.destroy();
        return;
      }
    }
  });
}
