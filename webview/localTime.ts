/** When a run was made, in the time zone of who reads it. Pure. */

/** "10:42:07" of today, else "2026-09-30 10:42:07". */
export function localTime(iso: string, now: Date): string {
  const at = new Date(iso);
  const day = dayOf(at);
  const time = digits([at.getHours(), at.getMinutes(), at.getSeconds()]).join(':');
  return day === dayOf(now) ? time : `${day} ${time}`;
}

function dayOf(date: Date): string {
  return [date.getFullYear(), ...digits([date.getMonth() + 1, date.getDate()])].join('-');
}

function digits(parts: readonly number[]): readonly string[] {
  return parts.map((part) => String(part).padStart(2, '0'));
}
