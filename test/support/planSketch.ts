/** Plans in a few lines, for tests in which only shapes and a number or two matter. */
import type { Plan, PlanNode, ProfileReport } from '../../src/shared/report.ts';
import { noBuffers, nodeOf, planOfNodes, reportOf } from './reports.ts';

const line =
  /^( *)(?:((?:InitPlan|SubPlan|CTE) \w+): )?(.+?)(?: using (\w+))?(?: on (\w+)(?: (\w+))?)?(?: \| (.*))?$/;

/**
 * A line for each node, two blanks deeper than its parent: "Index Scan using orders_pkey on orders o | ms=3 rows=5".
 * Numbers are those of the node itself: ms, cost, rows, planned, removed, loops, processes, factor, temp (blocks
 * written), workers, space (kilobytes of a sort); "key: text" behind a further " | " is a detail.
 */
export function sketchPlan(sketch: string, fields: Partial<Plan> = {}): Plan {
  const nodes: PlanNode[] = [];
  const open: string[] = [];
  for (const text of sketch.split('\n').filter((one) => one.trim() !== '')) {
    const [, indent = '', subplanName, title = '', index, relation, alias, rest = ''] = line.exec(text) ?? [];
    const depth = indent.length / 2;
    const id = String(nodes.length);
    const parallel = title.startsWith('Parallel ');
    open.length = depth;
    nodes.push(
      nodeOf({
        id,
        parentId: open[depth - 1] ?? null,
        type: title.replace('Parallel ', ''),
        ...(subplanName !== undefined && { subplanName }),
        ...(index !== undefined && { index }),
        ...(relation !== undefined && { relation, alias: alias ?? relation }),
        ...numbersOf(rest, parallel),
      }),
    );
    open.push(id);
  }
  const sum = (of: (node: PlanNode) => number | undefined) =>
    nodes.reduce((total, node) => total + (of(node) ?? 0), 0);
  const analyzed = nodes.some(({ selfMs }) => selfMs !== undefined);
  const [root, ...others] = nodes;
  const whole = root && { ...root, cost: sum(({ selfCost }) => selfCost), ...sumBuffers(nodes) };
  return planOfNodes([...(whole ? [whole] : []), ...others], {
    analyzed,
    ...(analyzed && { executionMs: sum(({ selfMs }) => selfMs) }),
    ...fields,
  });
}

export function sketchReport(
  sketch: string,
  plan: Partial<Plan> = {},
  fields: Partial<ProfileReport> = {},
): ProfileReport {
  return reportOf(sketchPlan(sketch, plan), fields);
}

function numbersOf(rest: string, parallel: boolean): Partial<PlanNode> {
  const number = (name: string) => {
    const found = new RegExp(`\\b${name}=([\\d.]+)`).exec(rest);
    return found ? Number(found[1]) : undefined;
  };
  const details = [...rest.matchAll(/(?:^|\| )([A-Z][\w ]*): ([^|]+?)(?= \||$)/g)].map(
    ([, key = '', value = '']) => [key, key.endsWith('Key') ? value.split(', ') : value] as const,
  );
  const ms = number('ms');
  const [hit, read, temp] = [number('hit'), number('read'), number('temp')];
  const buffers = { ...noBuffers, sharedHit: hit ?? 0, sharedRead: read ?? 0, tempWritten: temp ?? 0 };
  const some = (name: keyof PlanNode, value: number | undefined) => value !== undefined && { [name]: value };
  return {
    ...some('selfMs', ms),
    ...some('rows', number('rows')),
    ...some('rowsRemoved', number('removed')),
    ...some('rowsFactor', number('factor')),
    ...some('processes', number('processes')),
    ...(ms !== undefined && { loops: number('loops') ?? 1 }),
    planRows: number('planned') ?? 1,
    selfCost: number('cost') ?? 0,
    ...((hit ?? read ?? temp) !== undefined && { selfBuffers: buffers }),
    details: {
      ...(parallel && { 'Parallel Aware': true }),
      ...(number('workers') !== undefined && { 'Workers Launched': number('workers') ?? 0 }),
      ...(number('space') !== undefined && { 'Sort Space Used': number('space') ?? 0 }),
      ...Object.fromEntries(details),
    },
  };
}

/** The root's buffers are those of all. */
function sumBuffers(nodes: readonly PlanNode[]): Partial<PlanNode> {
  const own = nodes.flatMap(({ selfBuffers }) => selfBuffers ?? []);
  if (own.length === 0) return {};
  const names = Object.keys(noBuffers) as (keyof typeof noBuffers)[];
  const totals = names.map((name) => [name, own.reduce((sum, one) => sum + one[name], 0)] as const);
  return { buffers: Object.fromEntries(totals) as unknown as typeof noBuffers };
}
