/** What goes to standard error: the log, progress, notes and the one sentence of an error. */
import type { Log } from '../core/log.ts';
import { silentLog } from '../core/log.ts';
import { visibleLine } from '../core/report/visibleText.ts';

/** Steps shorter than this are not worth a line. */
const longStepMs = 700;

export interface Progress {
  /** A step begins, which ends the one before. */
  readonly report: (message: string) => void;
  readonly end: () => void;
}

/** One plain line for each step that takes long, on terminals and in logs of builds alike. */
export function createProgress(): Progress {
  let timer: NodeJS.Timeout | undefined;
  return {
    report(message) {
      clearTimeout(timer);
      timer = setTimeout(() => note(`${message} …`), longStepMs);
      timer.unref();
    },
    end: () => clearTimeout(timer),
  };
}

/** One line for the user. */
export function note(message: string): void {
  process.stderr.write(`pg-query-profiler: ${visibleLine(message)}\n`);
}

/** `--verbose`: time, level, text and data, one line each. */
export function createLog(verbose: boolean): Log {
  if (!verbose) return silentLog;
  return (level, text, data) => {
    const suffix = data === undefined ? '' : ` ${JSON.stringify(data)}`;
    process.stderr.write(`${new Date().toISOString()} ${level} ${visibleLine(text + suffix)}\n`);
  };
}
