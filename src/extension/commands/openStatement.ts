import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import { openSql } from '../documents.ts';
import { loadSqlTools } from '../sqlTools.ts';
import { isSlowQueryItem } from '../views/slowQueryItems.ts';

/** A slow query as a SQL document. */
export const openStatement = (): Command => ({
  id: commandIds.openStatement,
  execute: async (item) => {
    if (!isSlowQueryItem(item)) return;
    const tools = await loadSqlTools();
    await openSql(`${tools.repair(item.query).trimEnd().replace(/;$/, '')};\n`);
  },
});
