/** Servers that no one can have here, or that misbehave: they say one thing to whoever connects, and nothing else. */
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** Authenticated, and ready to be asked; of PostgreSQL 9.6, which is too old. */
const oldGreeting = Buffer.concat([
  message('R', Buffer.alloc(4)),
  message('S', Buffer.from('server_version\x009.6.24\x00')),
  message('Z', Buffer.from('I')),
]);

const answers = {
  old: (socket: Socket) => socket.once('data', () => socket.write(oldGreeting)),
  silent: () => undefined,
  rude: (socket: Socket) => socket.once('data', () => socket.destroy()),
  'not PostgreSQL': (socket: Socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
} as const;

export interface BrokenServer {
  /** Of 127.0.0.1. */
  readonly port: number;
  readonly stop: () => void;
}

export async function startBrokenServer(kind: keyof typeof answers): Promise<BrokenServer> {
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    answers[kind](socket);
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  return {
    port: (listener.address() as AddressInfo).port,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
    },
  };
}

/** One message of the wire protocol: type, length, body. */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
