/** Nodes of remote plans (Citus): where they ran, and which table their shard is of. */
import type { Distributed, PlanNode } from './report.ts';

/** Where a remote node ran: "task 1 on 127.0.0.1:5601", "subplan 2". */
export function placeName({ task, node }: Distributed): string {
  const what = task === undefined ? 'remote' : /^\d/.test(task) ? `task ${task}` : task;
  return node === undefined ? what : `${what} on ${serverName(node)}`;
}

/** A part of a distributed query that Citus computed before the rest, not one of its tasks. */
export function isSubplan({ distributed }: PlanNode): boolean {
  return distributed?.task?.startsWith('subplan') === true;
}

/** Citus names its workers by connection strings: "host=127.0.0.1 port=5601 dbname=postgres". */
function serverName(node: string): string {
  const fields = new Map(
    node.split(' ').map((word) => [word.split('=')[0], word.slice(word.indexOf('=') + 1)]),
  );
  const [host, port] = [fields.get('host'), fields.get('port')];
  if (host === undefined) return node;
  return port === undefined ? host : `${host}:${port}`;
}

/** The first node of what ran elsewhere than the node above it. */
export function beginsRemotePlan({ distributed }: PlanNode, parent: PlanNode | undefined): boolean {
  if (distributed === undefined) return false;
  const above = parent?.distributed;
  return above === undefined || above.task !== distributed.task || above.node !== distributed.node;
}

/** Citus numbers the shards of a table from 102008 on, behind its name. */
const shardNumber = /_\d{6,}$/;

/** "deployments" of "deployments_102096". */
export function tableOfShard(relation: string): string {
  return relation.replace(shardNumber, '');
}
