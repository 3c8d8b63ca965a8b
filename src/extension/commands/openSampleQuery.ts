import type { Command } from '../contributions.ts';
import { commandIds } from '../contributions.ts';
import { openSql } from '../documents.ts';

/** The guide's dashboard query, which is slow on the sample database until an index helps. */
export const openSampleQuery = (): Command => ({
  id: commandIds.openSampleQuery,
  execute: async () => {
    const { slowDeploymentsSql } = await import('../../embedded/guide.ts');
    await openSql(`-- The deployments of the last 30 days, for a dashboard.\n${slowDeploymentsSql};\n`);
  },
});
