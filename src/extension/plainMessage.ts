/** Text of servers and settings, made safe to show in a notification: pure. */
import { visibleLine } from '../core/report/visibleText.ts';

/**
 * VS Code draws "[label](command:…)" in a notification as a link, which runs that command when it is clicked
 * (its linkedText.ts). A server's error message, a table's name or a connection's name must not become one.
 */
export function plainMessage(text: string): string {
  return visibleLine(text).replaceAll('](', '] (');
}
