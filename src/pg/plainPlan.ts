/** The little that the preflight needs of a plan's JSON; the whole reading of plans is core's. */
import type { TableName } from '../core/ports.ts';

export interface PlainPlan {
  readonly cost: number;
  readonly planRows: number;
  readonly targets: readonly WriteTarget[];
  /** Functions that the plan's expressions call, as written there. */
  readonly calls: readonly TableName[];
}

export interface WriteTarget {
  readonly schema: string;
  readonly name: string;
  /** Bits of pg_trigger.tgtype. */
  readonly events: number;
}

/** pg_trigger.tgtype: TRIGGER_TYPE_INSERT, DELETE and UPDATE of the server's pg_trigger.h. */
const INSERT = 4;
const DELETE = 8;
const UPDATE = 16;
const eventsOf: Readonly<Record<string, number>> = {
  Insert: INSERT,
  Delete: DELETE,
  Update: UPDATE,
  Merge: INSERT | DELETE | UPDATE,
};

/** Keys that hold names, not expressions. */
const nameKeys = new Set([
  'Node Type',
  'Relation Name',
  'Schema',
  'Alias',
  'Index Name',
  'CTE Name',
  'Subplan Name',
  'Function Name',
]);

type Json = string | number | boolean | null | Json[] | { readonly [key: string]: Json };

/** Reads EXPLAIN (FORMAT JSON, VERBOSE). A rule may turn one statement into several plans, or into none. */
export function readPlainPlan(planText: string): PlainPlan {
  const parsed = JSON.parse(planText) as Json;
  const roots = (Array.isArray(parsed) ? parsed : []).map((entry) => field(entry, 'Plan'));
  const targets: WriteTarget[] = [];
  const calls = new Map<string, TableName>();
  const visit = (value: Json | undefined): void => {
    if (Array.isArray(value)) {
      value.forEach(visit);
    } else if (typeof value === 'object' && value !== null) {
      if (value['Node Type'] === 'ModifyTable') targets.push(...writeTargets(value));
      for (const [key, inner] of Object.entries(value)) {
        if (!nameKeys.has(key)) visit(inner);
      }
    } else if (typeof value === 'string') {
      for (const call of calledFunctions(value)) calls.set(`${call.schema ?? ''}.${call.name}`, call);
    }
  };
  roots.forEach(visit);
  return {
    cost: roots.reduce<number>((sum, root) => sum + numberOf(field(root, 'Total Cost')), 0),
    planRows: numberOf(field(roots[0], 'Plan Rows')),
    targets,
    calls: [...calls.values()],
  };
}

function writeTargets(node: { readonly [key: string]: Json }): readonly WriteTarget[] {
  const conflict = node['Conflict Resolution'] === 'UPDATE' ? UPDATE : 0;
  const operation = node['Operation'];
  const events = (typeof operation === 'string' ? (eventsOf[operation] ?? 0) : 0) | conflict;
  const several = node['Target Tables'];
  return (Array.isArray(several) ? several : [node]).flatMap((table) => {
    const name = field(table, 'Relation Name');
    const schema = field(table, 'Schema');
    return typeof name === 'string' && typeof schema === 'string' ? [{ schema, name, events }] : [];
  });
}

const field = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value[key] : undefined;

const numberOf = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);

const isNameStart = (char: string) => /[\p{L}_]/u.test(char);
const isNamePart = (char: string) => /[\p{L}\p{N}_$]/u.test(char);

/**
 * Names directly before "(" in an expression as the server deparses it ("pg_catalog.nextval('s'::regclass)").
 * Deparsed text is regular: literals are quoted with '' doubled, with a backslash escape only after E.
 */
export function calledFunctions(expression: string): readonly TableName[] {
  const calls: TableName[] = [];
  let path: string[] = [];
  let position = 0;
  while (position < expression.length) {
    const char = expression.charAt(position);
    if (char === "'") {
      position = skipLiteral(expression, position, path.at(-1) === 'E');
      path = [];
    } else if (char === '"' || isNameStart(char)) {
      const [name, end] = char === '"' ? quotedName(expression, position) : plainName(expression, position);
      path = expression[position - 1] === '.' ? [...path, name] : [name];
      position = end;
    } else {
      const name = path.at(-1);
      const schema = path.at(-2);
      if (char === '(' && name !== undefined) calls.push(schema === undefined ? { name } : { schema, name });
      if (char !== '.') path = [];
      position += 1;
    }
  }
  return calls;
}

function skipLiteral(text: string, start: number, escapes: boolean): number {
  for (let position = start + 1; position < text.length; position++) {
    if (escapes && text[position] === '\\') position++;
    else if (text[position] === "'") {
      if (text[position + 1] !== "'") return position + 1;
      position++;
    }
  }
  return text.length;
}

function quotedName(text: string, start: number): [name: string, end: number] {
  let name = '';
  for (let position = start + 1; position < text.length; position++) {
    if (text[position] === '"') {
      if (text[position + 1] !== '"') return [name, position + 1];
      position++;
    }
    name += text.charAt(position);
  }
  return [name, text.length];
}

function plainName(text: string, start: number): [name: string, end: number] {
  let end = start + 1;
  while (end < text.length && isNamePart(text.charAt(end))) end++;
  return [text.slice(start, end), end];
}
