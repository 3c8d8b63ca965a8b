/** What a connection's test found, in words: pure. */
import type { ServerInfo, StatementsReading } from '../core/ports.ts';

/** Extensions that this product makes use of. */
const usedExtensions = ['pg_stat_statements', 'hypopg'] as const;

export function connectionSummary(info: ServerInfo, reading: StatementsReading): string {
  const role = info.isSuperuser ? 'a superuser' : 'an ordinary role';
  const standby = info.isStandby ? ', a standby' : '';
  return [
    `Connected to PostgreSQL ${info.version}${standby}, database "${info.database}", as "${info.user}" (${role}).`,
    `Extensions: ${usedExtensions.map((name) => `${name} ${info.extensions[name] ?? 'not installed'}`).join(', ')}.`,
    reading.state === 'ok' ? 'Slow queries can be listed.' : `${reading.message} ${reading.remedy}`.trim(),
  ].join(' ');
}
