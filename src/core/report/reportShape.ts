/**
 * The shape of a saved report, as far as renderers rely on it. Files come from anywhere: a number that is a text would
 * end in a stack trace, or worse in a figure that is wrong.
 */
type Shape =
  | 'number'
  | 'string'
  | 'boolean'
  | { readonly oneOf: readonly string[] }
  | { readonly listOf: Shape; readonly atLeast?: number }
  | { readonly recordOf: Shape }
  | { readonly fields: Readonly<Record<string, Shape>>; readonly optional?: Readonly<Record<string, Shape>> }
  | 'null'
  | 'anything'
  | { readonly either: readonly Shape[] };

const texts: Shape = { listOf: 'string' };
const details: Shape = { recordOf: 'anything' };
const buffers: Shape = {
  fields: {
    sharedHit: 'number',
    sharedRead: 'number',
    sharedDirtied: 'number',
    sharedWritten: 'number',
    localHit: 'number',
    localRead: 'number',
    localDirtied: 'number',
    localWritten: 'number',
    tempRead: 'number',
    tempWritten: 'number',
  },
};
const worker: Shape = {
  fields: { number: 'number', details },
  optional: { ms: 'number', rows: 'number', loops: 'number' },
};
const node: Shape = {
  fields: {
    id: 'string',
    parentId: { either: ['string', 'null'] },
    type: 'string',
    planRows: 'number',
    cost: 'number',
    selfCost: 'number',
    neverExecuted: 'boolean',
    details,
  },
  optional: {
    relationship: 'string',
    relation: 'string',
    schema: 'string',
    alias: 'string',
    index: 'string',
    subplanName: 'string',
    startupMs: 'number',
    totalMs: 'number',
    selfMs: 'number',
    loops: 'number',
    rows: 'number',
    planRowsTotal: 'number',
    missing: { listOf: { oneOf: ['details', 'inputs'] } },
    rowsFactor: 'number',
    rowsRemoved: 'number',
    ioMs: 'number',
    buffers,
    selfBuffers: buffers,
    workers: { listOf: worker },
    distributed: { fields: {}, optional: { task: 'string', node: 'string', durationMs: 'number' } },
  },
};
const plan: Shape = {
  fields: {
    nodes: { listOf: node, atLeast: 1 },
    triggers: {
      listOf: { fields: { name: 'string', ms: 'number', calls: 'number' }, optional: { relation: 'string' } },
    },
    settings: { recordOf: 'string' },
    format: { oneOf: ['json', 'text', 'yaml', 'xml'] },
    analyzed: 'boolean',
    details,
  },
  optional: {
    planningMs: 'number',
    executionMs: 'number',
    queryId: 'string',
    jit: { fields: { functions: 'number', ms: 'number', details } },
    planningBuffers: buffers,
    serialization: { fields: { details }, optional: { ms: 'number', outputBytes: 'number' } },
  },
};
const finding: Shape = {
  fields: {
    ruleId: 'string',
    severity: { oneOf: ['critical', 'warning', 'info'] },
    title: 'string',
    detail: 'string',
    evidence: { recordOf: { either: ['number', 'string'] } },
  },
  optional: {
    nodeId: 'string',
    savableMs: 'number',
    fix: 'string',
    sqlRange: { fields: { start: 'number', end: 'number' } },
  },
};
const verification: Shape = {
  fields: { by: { oneOf: ['hypopg', 'shadow', 'trial', 'none'] } },
  optional: {
    costBefore: 'number',
    costAfter: 'number',
    msBefore: 'number',
    msAfter: 'number',
    buffersBefore: 'number',
    buffersAfter: 'number',
    plannerVersion: 'string',
    calibrated: 'boolean',
    why: 'string',
    planAfter: plan,
  },
};
const suggestion: Shape = {
  fields: { id: 'string', kind: 'string', ddl: 'string', reason: 'string', verification },
  optional: {
    table: 'string',
    undoDdl: 'string',
    method: 'string',
    columns: texts,
    include: texts,
    predicate: 'string',
    nodeId: 'string',
    sizeBytes: 'number',
    writeCost: 'string',
    overlaps: texts,
    rejected: 'string',
  },
};
const runFields = {
  ms: { listOf: 'number', atLeast: 1 },
  medianMs: 'number',
  minMs: 'number',
  maxMs: 'number',
} as const;
const runs: Shape = {
  fields: runFields,
  optional: { cold: { fields: runFields, optional: { readBlocks: 'number' } } },
};
const report: Shape = {
  fields: {
    plan,
    findings: { listOf: finding },
    suggestions: { listOf: suggestion },
    problems: { listOf: { fields: { code: 'string', message: 'string' }, optional: { line: 'number' } } },
  },
  optional: {
    sql: 'string',
    source: { fields: { name: 'string' }, optional: { line: 'number' } },
    server: {
      fields: { version: 'string' },
      optional: { environment: 'string', connection: 'string', database: 'string', sample: 'boolean' },
    },
    profiledAt: 'string',
    execution: 'string',
    runs,
    rawPlan: 'string',
  },
};

/** What keeps a value from being a report: "plan.nodes[3].cost is not a number"; undefined when nothing does. */
export function reportFault(value: unknown): string | undefined {
  return faultOf(value, report, 'the report');
}

function faultOf(value: unknown, shape: Shape, path: string): string | undefined {
  if (shape === 'anything') return undefined;
  if (shape === 'null') return value === null ? undefined : `${path} is not null`;
  if (typeof shape === 'string') return typeof value === shape ? undefined : `${path} is not a ${shape}`;
  if ('oneOf' in shape) {
    return typeof value === 'string' && shape.oneOf.includes(value)
      ? undefined
      : `${path} is none of ${shape.oneOf.join(', ')}`;
  }
  if ('either' in shape) {
    const fits = shape.either.some((one) => faultOf(value, one, path) === undefined);
    return fits ? undefined : `${path} is of a wrong type`;
  }
  if ('listOf' in shape) return listFault(value, shape.listOf, shape.atLeast ?? 0, path);
  if (!isRecord(value)) return `${path} is not an object`;
  if ('recordOf' in shape) {
    return firstFault(Object.keys(value), (key) => faultOf(value[key], shape.recordOf, `${path}.${key}`));
  }
  const required = Object.entries(shape.fields);
  const optional = Object.entries(shape.optional ?? {}).filter(([key]) => value[key] !== undefined);
  return firstFault([...required, ...optional], ([key, field]) =>
    faultOf(value[key], field, `${path}.${key}`),
  );
}

function listFault(value: unknown, item: Shape, atLeast: number, path: string): string | undefined {
  if (!Array.isArray(value)) return `${path} is not a list`;
  if (value.length < atLeast) return `${path} is empty`;
  const items: readonly unknown[] = value;
  return firstFault([...items.keys()], (place) => faultOf(items[place], item, `${path}[${place}]`));
}

function firstFault<T>(items: readonly T[], fault: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = fault(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
