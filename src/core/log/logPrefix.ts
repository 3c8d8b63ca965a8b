/** What log_line_prefix says of a line. It is the administrator's own, so this reads what the usual ones hold. */
import type { LogOrigin } from './logEntry.ts';

/** %m and %t: "2026-11-22 09:24:56.575 UTC", also with a "T" and as an offset. */
const timestamp =
  /\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?(?: ?(?:[A-Z]{1,5}\b|[+-]\d\d(?::?\d\d)?))?/;
/** "[22396]", as the default prefix has it; "pid=22396". */
const pid = /\[(\d{1,10})(?:-\d+)?\]|\bpid[=: ]+(\d{1,10})/i;
const user = /\buser(?:name)?=([^\s,;@\]]+)/i;
const database = /\b(?:db|database|dbname)=([^\s,;\]]+)/i;
/** "%u@%d" */
const userAtDatabase = /(?:^|[\s[(])([^\s@[\]=,]+)@([^\s@[\]=,:]+)/;

/** No prefix is as long: what is behind is not looked through for one. */
const longestPrefix = 500;

export function readPrefix(line: string): LogOrigin {
  const end = line.indexOf('duration: ');
  const prefix = line.slice(0, Math.min(end < 0 ? line.length : end, longestPrefix));
  const pids = pid.exec(prefix);
  const pair = userAtDatabase.exec(prefix);
  const process = pids?.[1] ?? pids?.[2];
  return {
    ...optional('timestamp', timestamp.exec(prefix)?.[0]),
    ...(process !== undefined && { pid: Number(process) }),
    ...optional('user', user.exec(prefix)?.[1] ?? pair?.[1]),
    ...optional('database', database.exec(prefix)?.[1] ?? pair?.[2]),
  };
}

function optional<K extends keyof LogOrigin>(
  key: K,
  value: string | undefined,
): { readonly [key in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: string });
}
