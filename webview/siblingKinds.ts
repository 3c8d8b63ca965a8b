/** Which siblings of a plan are alike: partitions of one table, or subtrees of the same steps on the same tables. Pure. */
import { formatCount } from '../src/shared/format.ts';
import { nodeTitle } from '../src/shared/nodeLabel.ts';
import type { PlanNode } from '../src/shared/report.ts';
import { isSubplan } from '../src/shared/remotePlace.ts';
import type { PlanModel } from './planModel.ts';

export interface SiblingKinds {
  /** Siblings of one kind may be shown as one. */
  kindOf(child: PlanNode, parent: PlanNode): string;
  /** What members of one kind are called together, and the table that they are partitions of. */
  named(
    members: readonly PlanNode[],
    parent: PlanNode,
  ): { readonly label: string; readonly partitionsOf?: string };
}

/** PostgreSQL 13 and later number the partitions of `orders o` as o_1, o_2, … (expand_single_inheritance_child). */
const numbered = /^(?<base>.+)_\d+$/;

/** "orders" of the partition orders_2026 that the plan calls orders_7. A table read twice is numbered too, but keeps its name. */
export function partitionedAlias({ alias, relation }: PlanNode): string | undefined {
  const base = alias === undefined ? undefined : numbered.exec(alias)?.groups?.['base'];
  return base === undefined || base === relation || relation === undefined ? undefined : base;
}

export function siblingKinds(model: PlanModel): SiblingKinds {
  const shapes = new Map<string, number>();
  const shapeOf = new Map<string, number>();
  /** The only node of the subtree that reads a table; null where there are several. */
  const scanOf = new Map<string, PlanNode | null>();
  for (const { node, childIds } of model.rows.toReversed()) {
    const shape = `${ownShape(node)}(${childIds.map((id) => shapeOf.get(id)).join()})`;
    const number = shapes.get(shape) ?? shapes.size;
    shapes.set(shape, number);
    shapeOf.set(node.id, number);
    const scans = childIds.map((id) => scanOf.get(id)).filter((scan) => scan !== undefined);
    if (node.relation !== undefined) scans.push(node);
    if (scans.length > 0) scanOf.set(node.id, scans.length === 1 ? scans[0]! : null);
  }
  const tableOf = (child: PlanNode, parent: PlanNode): string | undefined => {
    const scan = scanOf.get(child.id) ?? undefined;
    if (scan === undefined) return undefined;
    if (parent.type === 'Append' || parent.type === 'Merge Append') return partitionedAlias(scan);
    // TimescaleDB's ChunkAppend names the table whose chunks it reads; they keep names of their own.
    return parent.type === 'Custom Scan' && scan.relation !== parent.relation ? parent.relation : undefined;
  };
  return {
    kindOf(child, parent) {
      // Each is a part of the query of its own, with a duration of its own.
      if (isSubplan(child)) return `sub-plan ${child.id}`;
      const table = tableOf(child, parent);
      const kind = table === undefined ? `shape ${shapeOf.get(child.id)}` : `partitions ${table}`;
      return `${child.relationship ?? ''} ${kind}`;
    },
    named(members, parent) {
      const [first] = members;
      if (first === undefined) return { label: '' };
      const count = formatCount(members.length);
      const table = tableOf(first, parent);
      // Tables whose own names are numbered may be partitions, or not.
      const own = members.every(({ id }) => scanOf.get(id)?.alias === scanOf.get(id)?.relation);
      if (table !== undefined && own && parent.type !== 'Custom Scan')
        return { label: `${count} tables ${table}_…` };
      if (table !== undefined) return { label: `${count} partitions of ${table}`, partitionsOf: table };
      if (first.distributed !== undefined) return { label: `${count} alike tasks` };
      const { relation } = first;
      const on = relation === undefined ? '' : ` on ${partitionedAlias(first) ?? relation}`;
      return { label: `${count} × ${nodeTitle(first)}${on}` };
    },
  };
}

/** What must be equal in two nodes that are alike. Partitions and shards differ in their names, and in those of their indexes. */
function ownShape(node: PlanNode): string {
  const base = node.distributed === undefined ? partitionedAlias(node) : node.alias;
  const reads = base === undefined ? [node.schema, node.relation, node.index] : ['part of', base];
  return JSON.stringify([nodeTitle(node), node.relationship, ...reads]);
}
