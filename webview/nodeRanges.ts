/** Which part of the plan's own text belongs to which node, in every format; what is not certain is left out. Pure. */
import { nodeTitle } from '../src/shared/nodeLabel.ts';
import type { Plan, PlanNode, TextRange } from '../src/shared/report.ts';

const known = new WeakMap<Plan, readonly TextRange[] | undefined>();

/**
 * What the server wrote of each node itself, without its children, in the order of the plan's nodes; of the text format
 * the line that the node begins on. Undefined when text and plan cannot be matched node by node.
 */
export function rangesOfNodes(text: string, plan: Plan): readonly TextRange[] | undefined {
  if (!known.has(plan)) known.set(plan, match(text, plan));
  return known.get(plan);
}

function match(text: string, { format, nodes }: Plan): readonly TextRange[] | undefined {
  if (format === 'text') return linesOfText(text, nodes);
  const written = { json: nodesOfJson, xml: nodesOfXml, yaml: nodesOfYaml }[format](text);
  const isSame = ({ start, end, type }: WrittenNode, { type: expected, relation }: PlanNode) =>
    type === expected &&
    // A name of letters is written in all three formats as it is.
    (relation === undefined || !/^\w+$/.test(relation) || text.slice(start, end).includes(relation));
  return written.length === nodes.length && written.every((one, at) => isSame(one, nodes[at]!))
    ? written
    : undefined;
}

interface WrittenNode extends TextRange {
  readonly type: string;
}

/**
 * An object with a "Node Type" is a node, and objects begin in the order of the plan, whatever the order of their keys
 * (jsonb sorts them). What stands between the tokens, like the margin that psql draws, does not count.
 */
function nodesOfJson(text: string): readonly WrittenNode[] {
  interface Open {
    readonly start: number;
    type?: { readonly name: string; readonly at: number };
    childrenAt?: number;
  }
  const open: Open[] = [];
  const found: { readonly opened: number; readonly node: WrittenNode }[] = [];
  let key: string | undefined;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}]/g)) {
    const object = open.at(-1);
    if (token === '{') open.push({ start: index });
    else if (token === '}') {
      open.pop();
      const { start = 0, type, childrenAt } = object ?? {};
      // Children that come before the type cut the node in two: then its later part is told.
      const from = type !== undefined && childrenAt !== undefined && childrenAt < type.at ? type.at : start;
      const end =
        childrenAt !== undefined && childrenAt > from
          ? text.slice(0, childrenAt).trimEnd().length
          : index + 1;
      if (type) found.push({ opened: start, node: { start: from, end, type: type.name } });
    } else if (token.endsWith(':')) {
      key = token.slice(0, -1).trimEnd();
      if ((key === '"Plans"' || key === '"Distributed Query"') && object) object.childrenAt ??= index;
      continue;
    } else if (key === '"Node Type"' && object) object.type = { name: token.slice(1, -1), at: index };
    key = undefined;
  }
  return found.toSorted((one, other) => one.opened - other.opened).map(({ node }) => node);
}

/** EXPLAIN writes the type of a node first and its children last: in Plans, or in Citus' Distributed Query. */
function nodesOfXml(text: string): readonly WrittenNode[] {
  const nodes: WrittenNode[] = [];
  for (const { 0: own, 1: type = '', index } of text.matchAll(
    /<Plan>\s*<Node-Type>([^<]*)<\/Node-Type>[\s\S]*?(?=\s*<(?:Plans|Distributed-Query)>|<\/Plan>)/g,
  ))
    nodes.push({ start: index, end: index + own.trimEnd().length, type });
  return nodes;
}

/** EXPLAIN writes the type of a node first, its other keys below it, and its children last. */
function nodesOfYaml(text: string): readonly WrittenNode[] {
  const nodes: { readonly start: number; end: number; readonly type: string }[] = [];
  let column: number | undefined;
  let next = 0;
  for (const line of text.split('\n')) {
    const start = next;
    next += line.length + 1;
    const type = /\bNode Type: "?([^"]*?)"?\s*$/.exec(line);
    if (type) {
      column = type.index;
      nodes.push({ start: start + type.index, end: start + line.trimEnd().length, type: type[1] ?? '' });
      continue;
    }
    if (column === undefined) continue;
    const words = line.slice(column);
    const isOwn =
      line.slice(0, column).trim() === '' &&
      words.trim() !== '' &&
      !/^(?:Plans|Distributed Query):/.test(words);
    if (isOwn) nodes.at(-1)!.end = start + line.trimEnd().length;
    else column = undefined;
  }
  return nodes;
}

/** "Seq Scan on public.orders o  (cost=…": the table stands before the figures, qualified, quoted or bare. */
function reads(words: string, { relation }: PlanNode): boolean {
  if (relation === undefined) return true;
  const named = words.split('  (')[0] ?? '';
  return named.includes('"') ? named.includes(relation) : named.split(/[ .]/).includes(relation);
}

/** Of the text format: the line that each node begins on. */
function linesOfText(text: string, nodes: readonly PlanNode[]): readonly TextRange[] | undefined {
  const lines: TextRange[] = [];
  let next = 0;
  for (const line of text.split('\n')) {
    const start = next;
    next += line.length + 1;
    const node = nodes[lines.length];
    const arrow = line.indexOf('->  ');
    // The root has no arrow; everything before it is a heading of psql's or of a log.
    if (lines.length > 0 && arrow < 0) continue;
    const words = arrow < 0 ? line.replace(/^[\s|"]+/, '') : line.slice(arrow + '->  '.length);
    const isNode = node !== undefined && words.startsWith(nodeTitle(node)) && reads(words, node);
    if (isNode) lines.push({ start, end: start + line.length });
    else if (arrow >= 0 && !/^(?:Task|Distributed Subplan)\b/.test(words)) return undefined;
  }
  return lines.length === nodes.length ? lines : undefined;
}
