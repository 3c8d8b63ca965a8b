/**
 * PGlite keeps no timers, so the owner does. It asks the session itself what its timeouts are, which holds for SET,
 * SET LOCAL, set_config() and rollbacks alike. Within one string of several statements a SET is seen only by the next string.
 */
import { firstColumn, MessageReader, namedStatement, sync, type TransactionStatus } from './wire.ts';

export interface Timeouts {
  /** 0: none. */
  readonly statementMs: number;
  /** 0: none. */
  readonly idleInTransactionMs: number;
}

export const noTimeouts: Timeouts = { statementMs: 0, idleInTransactionMs: 0 };

/** In `guc.h`'s words: SHOW prints the largest unit that divides the value. */
const unitMs: Readonly<Record<string, number>> = {
  '': 1,
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const word = Buffer.from('timeout');
const upperWord = Buffer.from('TIMEOUT');

/** Whether these messages can have changed a timeout: its name is in them, or one that ends with the transaction was set. */
export function mayChangeTimeouts(messages: Buffer, before: Timeouts): boolean {
  return (
    before.statementMs > 0 ||
    before.idleInTransactionMs > 0 ||
    messages.includes(word) ||
    messages.includes(upperWord)
  );
}

/** undefined in a failed transaction, where nothing can be asked and nothing can have changed. */
export async function readTimeouts(
  status: TransactionStatus,
  run: (messages: Buffer, onData: (bytes: Uint8Array) => void) => Promise<void>,
): Promise<Timeouts | undefined> {
  if (status === 'E') return undefined;
  const reader = new MessageReader();
  const shown: number[] = [];
  await run(
    Buffer.concat([
      namedStatement('pgqp_statement_timeout', 'show statement_timeout'),
      namedStatement('pgqp_idle_timeout', 'show idle_in_transaction_session_timeout'),
      sync(),
    ]),
    (bytes) => {
      for (const message of reader.read(bytes)) {
        if (message.type === 'D') shown.push(parseTime(firstColumn(message) ?? ''));
      }
    },
  );
  return { statementMs: shown[0] ?? 0, idleInTransactionMs: shown[1] ?? 0 };
}

function parseTime(shown: string): number {
  const [, number = '0', unit = ''] = /^(\d+)([a-z]*)$/.exec(shown) ?? [];
  return Number(number) * (unitMs[unit] ?? 0);
}
