/** Ctrl+C: the first one cancels on the server, the second one leaves at once. */
import { type Cancel, createCancel } from '../core/cancel.ts';
import { note } from './diagnostics.ts';

/** What shells report for a process that SIGINT ended. */
const interruptedExitCode = 130;

/** A signal that fires on SIGINT, SIGTERM and SIGHUP. */
export function cancelOnInterrupt(): Cancel {
  const cancel = createCancel();
  const interrupt = () => {
    if (cancel.requested) process.exit(interruptedExitCode);
    note('Cancelling; press Ctrl+C again to leave without waiting.');
    cancel.request();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  return cancel;
}
