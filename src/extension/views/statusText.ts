/** The status bar item's words: pure. */
import type { Connection } from '../connectionProfile.ts';
import { addressOf } from '../connectionProfile.ts';

export function statusText(connection: Connection): { readonly text: string; readonly tooltip: string } {
  const { name, origin, environment, readOnly } = connection;
  // "$(" in a name would draw an icon.
  const safeName = name.replaceAll('$(', '$ (');
  const place = origin === 'sample' ? safeName : `${environment} · ${safeName}`;
  return {
    text: `$(database) ${place}`,
    tooltip: [
      `Queries are profiled on ${addressOf(connection)}${readOnly ? ', read-only' : ''}.`,
      'Select another connection.',
    ].join('\n'),
  };
}
