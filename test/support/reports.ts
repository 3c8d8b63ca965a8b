/** Reports by hand, for what no recorded plan shows: each test names only the fields it is about. */
import type { Buffers, Plan, PlanNode, ProfileReport } from '../../src/shared/report.ts';

export const noBuffers: Buffers = {
  sharedHit: 0,
  sharedRead: 0,
  sharedDirtied: 0,
  sharedWritten: 0,
  localHit: 0,
  localRead: 0,
  localDirtied: 0,
  localWritten: 0,
  tempRead: 0,
  tempWritten: 0,
};

/** A node; whatever is not named is that of a childless step that did nothing. */
export function nodeOf(fields: Partial<PlanNode> & { readonly type: string }): PlanNode {
  return {
    id: '0',
    parentId: null,
    planRows: 1,
    cost: 0,
    selfCost: 0,
    neverExecuted: false,
    details: {},
    ...fields,
  };
}

export function planOfNodes(nodes: readonly PlanNode[], fields: Partial<Plan> = {}): Plan {
  return { nodes, triggers: [], settings: {}, format: 'json', analyzed: true, details: {}, ...fields };
}

export function reportOf(plan: Plan, fields: Partial<ProfileReport> = {}): ProfileReport {
  return { schemaVersion: 1, plan, findings: [], suggestions: [], problems: [], ...fields };
}
