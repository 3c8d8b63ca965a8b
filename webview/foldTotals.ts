/** The totals of like nodes that are shown as one, in the form of a node, so that every cell and metric reads them. Pure. */
import { plannedRows } from '../src/shared/plannedRows.ts';
import type { Buffers, Distributed, PlanNode } from '../src/shared/report.ts';

/** Sums over members; never-executed ones add nothing. `label` takes the place of the type. */
export function totalsOf(id: string, label: string, members: readonly PlanNode[]): PlanNode {
  const ran = members.filter(({ neverExecuted }) => !neverExecuted);
  const sum = (
    value: (node: PlanNode) => number | undefined,
    of: readonly PlanNode[] = ran,
  ): number | undefined => {
    const values = of.map(value).filter((each) => each !== undefined);
    return values.length === 0 ? undefined : values.reduce((all, each) => all + each, 0);
  };
  const rows = sum((node) => node.rows);
  const planned = sum(plannedRows) ?? 0;
  const loops = sum((node) => node.loops);
  const rounds = sum(({ loops: each = 1, processes = 1 }) => each / processes);
  const hasFactor = ran.length > 0 && ran.every(({ rowsFactor }) => rowsFactor !== undefined);
  return {
    id,
    parentId: members[0]?.parentId ?? null,
    type: label,
    // Only those of one relationship are alike (siblingKinds.ts).
    ...given('relationship', members[0]?.relationship),
    planRows:
      loops === undefined || loops === 0 ? (sum((node) => node.planRows, members) ?? 0) : planned / loops,
    cost: sum((node) => node.cost, members) ?? 0,
    selfCost: sum((node) => node.selfCost, members) ?? 0,
    neverExecuted: ran.length === 0,
    ...given('distributed', commonPlace(members)),
    ...given(
      'totalMs',
      sum((node) => node.totalMs),
    ),
    ...given(
      'selfMs',
      sum((node) => node.selfMs),
    ),
    ...given('rows', rows),
    ...given(
      'rowsRemoved',
      sum((node) => node.rowsRemoved),
    ),
    ...given('loops', loops),
    planRowsTotal: planned,
    ...given('rowsFactor', hasFactor && rows !== undefined && planned > 0 ? rows / planned : undefined),
    ...given(
      'ioMs',
      sum((node) => node.ioMs),
    ),
    ...given(
      'selfIoMs',
      sum((node) => node.selfIoMs),
    ),
    // So that loops ÷ processes is the number of rounds that all of them made.
    ...given('processes', loops && rounds ? loops / rounds : undefined),
    ...given('buffers', sumBuffers(ran.map(({ buffers }) => buffers))),
    ...given('selfBuffers', sumBuffers(ran.map(({ selfBuffers }) => selfBuffers))),
    precision: {
      ...given(
        'ms',
        sum(({ precision }) => precision?.ms),
      ),
      ...given(
        'selfMs',
        sum(({ precision }) => precision?.selfMs),
      ),
      ...given(
        'rows',
        sum(({ precision }) => precision?.rows),
      ),
    },
    details: {},
  };
}

/** Where all of them ran; where they ran on several other servers, no name. */
function commonPlace(members: readonly PlanNode[]): Distributed | undefined {
  const [first] = members;
  if (first?.distributed === undefined) return undefined;
  const { task, node } = first.distributed;
  const isShared = members.every(
    ({ distributed }) => distributed?.task === task && distributed?.node === node,
  );
  return isShared ? first.distributed : {};
}

/** Undefined when none was measured. */
export function sumBuffers(all: readonly (Buffers | undefined)[]): Buffers | undefined {
  const known = all.filter((each) => each !== undefined);
  const first = known[0];
  if (first === undefined) return undefined;
  const sums: Record<string, number> = { ...first };
  for (const each of known.slice(1)) {
    for (const [name, blocks] of Object.entries(each)) sums[name] = (sums[name] ?? 0) + Number(blocks);
  }
  return sums as unknown as Buffers;
}

function given<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): Partial<Readonly<Record<Key, Value>>> {
  return value === undefined ? {} : ({ [key]: value } as Readonly<Record<Key, Value>>);
}
