/**
 * FORMAT TEXT from a raw plan, as explain.c prints it: so that a plan that came in another format can be pasted where
 * people read TEXT, and generated plans can be read in TEXT too. Knows the keys of PostgreSQL 14–18; Citus is left out.
 */
import type { Json } from '../../shared/report.ts';

type Raw = Readonly<Record<string, Json>>;

export function renderTextPlan(top: Raw): string {
  const lines: string[] = [];
  const pending: Frame[] = [{ node: top['Plan'] as Raw, indent: 0, isRoot: true }];
  for (let frame = pending.pop(); frame; frame = pending.pop()) {
    let { indent } = frame;
    const label = frame.node['Subplan Name'];
    if (label !== undefined) {
      lines.push(`${' '.repeat(indent)}${text(label)}`);
      indent += 2;
    }
    lines.push(`${' '.repeat(indent)}${frame.isRoot ? '' : '->  '}${headline(frame.node)}`);
    const inner = indent + (frame.isRoot ? 2 : 6);
    for (const line of nodeLines(frame.node)) lines.push(`${' '.repeat(inner)}${line}`);
    for (const child of objects(frame.node['Plans']).toReversed())
      pending.push({ node: child, indent: inner, isRoot: false });
  }
  return [...lines, ...topLines(top)].join('\n');
}

interface Frame {
  readonly node: Raw;
  readonly indent: number;
  readonly isRoot: boolean;
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value));
const objects = (value: Json | undefined): readonly Raw[] =>
  Array.isArray(value) ? (value as readonly Raw[]) : [];
const fixed = (value: Json | undefined, digits: number): string => Number(value).toFixed(digits);

function name(value: Json | undefined): string {
  const plain = text(value);
  return /^[a-z_][a-z\d_]*$/.test(plain) ? plain : `"${plain.replaceAll('"', '""')}"`;
}

function headline(node: Raw): string {
  const measures: string[] = [];
  if (node['Total Cost'] !== undefined) {
    const cost = `${fixed(node['Startup Cost'], 2)}..${fixed(node['Total Cost'], 2)}`;
    measures.push(`  (cost=${cost} rows=${text(node['Plan Rows'])} width=${text(node['Plan Width'])})`);
  }
  if (node['Actual Loops'] === 0) measures.push(' (never executed)');
  else if (node['Actual Loops'] !== undefined) measures.push(` (actual ${actual(node)})`);
  return `${title(node)}${measures.join('')}`;
}

function actual(node: Raw): string {
  const time = node['Actual Total Time'];
  const rows = node['Disabled'] === undefined ? text(node['Actual Rows']) : fixed(node['Actual Rows'], 2);
  const times = time === undefined ? '' : `time=${fixed(node['Actual Startup Time'], 3)}..${fixed(time, 3)} `;
  return `${times}rows=${rows} loops=${text(node['Actual Loops'])}`;
}

function title(node: Raw): string {
  const prefix = `${node['Parallel Aware'] === true ? 'Parallel ' : ''}${node['Async Capable'] === true ? 'Async ' : ''}`;
  return `${prefix}${typeName(node)}${target(node)}`;
}

function typeName(node: Raw): string {
  const type = text(node['Node Type']);
  const join = node['Join Type'] === 'Inner' ? '' : `${text(node['Join Type'])} `;
  switch (type) {
    case 'Aggregate': {
      const mode = node['Partial Mode'] === 'Simple' ? '' : `${text(node['Partial Mode'])} `;
      const strategies: Readonly<Record<string, string>> = {
        Plain: '',
        Sorted: 'Group',
        Hashed: 'Hash',
        Mixed: 'Mixed',
      };
      return `${mode}${strategies[text(node['Strategy'])]}Aggregate`;
    }
    case 'Hash Join':
    case 'Merge Join':
      return `${type.slice(0, -'Join'.length)}${join}Join`;
    case 'Nested Loop':
      return join === '' ? type : `${type} ${join}Join`;
    case 'SetOp':
      return `${node['Strategy'] === 'Hashed' ? 'Hash' : ''}SetOp ${text(node['Command'])}`;
    case 'ModifyTable':
      return text(node['Operation']);
    case 'Index Scan':
    case 'Index Only Scan':
      return node['Scan Direction'] === 'Backward' ? `${type} Backward` : type;
    default:
      return type;
  }
}

function target(node: Raw): string {
  const type = node['Node Type'];
  if (type === 'Bitmap Index Scan') return ` on ${name(node['Index Name'])}`;
  const using = node['Index Name'] === undefined ? '' : ` using ${name(node['Index Name'])}`;
  const object =
    node['Relation Name'] ?? node['Function Name'] ?? node['CTE Name'] ?? node['Table Function Name'];
  if (object === undefined) return node['Alias'] === undefined ? using : `${using} on ${name(node['Alias'])}`;
  const schema = node['Schema'] === undefined ? '' : `${name(node['Schema'])}.`;
  const alias = node['Alias'] === undefined || node['Alias'] === object ? '' : ` ${name(node['Alias'])}`;
  return `${using} on ${schema}${name(object)}${alias}`;
}

/** Keys whose TEXT is the key and the value. */
const plainKeys: readonly string[] = [
  'Output',
  'Inner Unique',
  'Group Key',
  'Sort Key',
  'Presorted Key',
  'Conflict Resolution',
  'Conflict Arbiter Indexes',
  'Conflict Filter',
  'Tuples Inserted',
  'Conflicting Tuples',
  'Index Cond',
  'Recheck Cond',
  'TID Cond',
  'Hash Cond',
  'Merge Cond',
  'Join Filter',
  'Rows Removed by Join Filter',
  'One-Time Filter',
  'Filter',
  'Rows Removed by Filter',
  'Rows Removed by Index Recheck',
  'Heap Fetches',
  'Index Searches',
  'Function Call',
  'Run Condition',
  'Window',
  'Cache Key',
  'Cache Mode',
  'Workers Planned',
  'Workers Launched',
  'Single Copy',
  'Subplans Removed',
  'Disabled',
];

function nodeLines(node: Raw): readonly string[] {
  return [
    ...plainKeys.flatMap((key) => plainLine(node, key)),
    ...targetTables(node),
    ...measuredLines(node),
    ...objects(node['Workers']).flatMap(workerLines),
  ];
}

function plainLine(node: Raw, key: string): readonly string[] {
  const value = node[key];
  if (value === undefined || value === false || (key.startsWith('Rows Removed') && value === 0)) return [];
  return [`${key}: ${Array.isArray(value) ? value.join(', ') : text(value)}`];
}

function targetTables(node: Raw): readonly string[] {
  return objects(node['Target Tables']).map((table) => `${text(node['Operation'])}${target(table)}`);
}

function workerLines(worker: Raw): readonly string[] {
  const first = `Worker ${text(worker['Worker Number'])}:  `;
  const rest = measuredLines(worker).map((line) => `  ${line}`);
  if (worker['Actual Loops'] !== undefined) return [`${first}actual ${actual(worker)}`, ...rest];
  return rest.length === 0 ? [] : [`${first}${rest[0]!.trim()}`, ...rest.slice(1)];
}

/** Lines that workers have too. */
function measuredLines(node: Raw): readonly string[] {
  const lines: string[] = [];
  const kB = (key: string) => `${text(node[key])}kB`;
  if (node['Sort Method'] !== undefined)
    lines.push(
      `Sort Method: ${text(node['Sort Method'])}  ${text(node['Sort Space Type'])}: ${kB('Sort Space Used')}`,
    );
  if (node['Hash Buckets'] !== undefined) {
    const changed = (key: string) =>
      node[key] === node[`Original ${key}`]
        ? text(node[key])
        : `${text(node[key])} (originally ${text(node[`Original ${key}`])})`;
    lines.push(
      `Buckets: ${changed('Hash Buckets')}  Batches: ${changed('Hash Batches')}  Memory Usage: ${kB('Peak Memory Usage')}`,
    );
  } else if (node['HashAgg Batches'] !== undefined) {
    const planned = node['Planned Partitions']
      ? `Planned Partitions: ${text(node['Planned Partitions'])}  `
      : '';
    const disk = node['Disk Usage'] ? `  Disk Usage: ${kB('Disk Usage')}` : '';
    lines.push(
      `${planned}Batches: ${text(node['HashAgg Batches'])}  Memory Usage: ${kB('Peak Memory Usage')}${disk}`,
    );
  } else if (node['Cache Hits'] !== undefined) {
    const counts = ['Hits', 'Misses', 'Evictions', 'Overflows'].map(
      (one) => `${one}: ${text(node[`Cache ${one}`])}`,
    );
    lines.push(`${counts.join('  ')}  Memory Usage: ${kB('Peak Memory Usage')}`);
  }
  if (node['Exact Heap Blocks'] !== undefined && (node['Exact Heap Blocks'] || node['Lossy Heap Blocks']))
    lines.push(
      `Heap Blocks: exact=${text(node['Exact Heap Blocks'])} lossy=${text(node['Lossy Heap Blocks'])}`,
    );
  if (node['Storage'] !== undefined)
    lines.push(`Storage: ${text(node['Storage'])}  Maximum Storage: ${kB('Maximum Storage')}`);
  return [...lines, ...bufferLines(node)];
}

function bufferLines(node: Raw): readonly string[] {
  const counts = (kind: string, names: readonly string[], keyOf: (one: string) => string) => {
    const parts = names.flatMap((one) =>
      node[keyOf(one)] ? [`${one.toLowerCase()}=${text(node[keyOf(one)])}`] : [],
    );
    return parts.length === 0 ? [] : [`${kind} ${parts.join(' ')}`.trim()];
  };
  const buffers = ['Shared', 'Local', 'Temp'].flatMap((kind) =>
    counts(kind.toLowerCase(), ['Hit', 'Read', 'Dirtied', 'Written'], (one) => `${kind} ${one} Blocks`),
  );
  const times = ['', 'Shared', 'Local', 'Temp'].flatMap((kind) =>
    counts(kind.toLowerCase(), ['Read', 'Write'], (one) => `${kind} I/O ${one} Time`.trim()),
  );
  const wal = counts('', ['Records', 'FPI', 'Bytes'], (one) => `WAL ${one}`);
  return [
    ...(buffers.length === 0 ? [] : [`Buffers: ${buffers.join(', ')}`]),
    ...(times.length === 0 ? [] : [`I/O Timings: ${times.join(', ')}`]),
    ...(wal.length === 0 ? [] : [`WAL: ${wal.join(' ')}`]),
  ];
}

function topLines(top: Raw): readonly string[] {
  const lines: string[] = [];
  const settings = Object.entries((top['Settings'] ?? {}) as Raw);
  if (settings.length > 0)
    lines.push(`Settings: ${settings.map(([key, value]) => `${key} = '${text(value)}'`).join(', ')}`);
  if (top['Query Identifier'] !== undefined) lines.push(`Query Identifier: ${text(top['Query Identifier'])}`);
  const planning = top['Planning'] as Raw | undefined;
  const memory =
    planning?.['Memory Used'] === undefined
      ? []
      : [
          `Memory: used=${text(planning['Memory Used'])}kB  allocated=${text(planning['Memory Allocated'])}kB`,
        ];
  const planningLines = planning ? [...bufferLines(planning), ...memory] : [];
  if (planningLines.length > 0) lines.push('Planning:', ...planningLines.map((line) => `  ${line}`));
  if (top['Planning Time'] !== undefined) lines.push(`Planning Time: ${fixed(top['Planning Time'], 3)} ms`);
  for (const trigger of objects(top['Triggers'])) {
    const constraint =
      trigger['Constraint Name'] === undefined ? '' : ` for constraint ${text(trigger['Constraint Name'])}`;
    const time = trigger['Time'] === undefined ? '' : `time=${fixed(trigger['Time'], 3)} `;
    const subject = `${text(trigger['Trigger Name'])}${constraint} on ${text(trigger['Relation'])}`;
    lines.push(`Trigger ${subject}: ${time}calls=${text(trigger['Calls'])}`);
  }
  lines.push(...jitLines(top['JIT'] as Raw | undefined));
  const serialization = top['Serialization'] as Raw | undefined;
  if (serialization) {
    const time = serialization['Time'] === undefined ? '' : `time=${fixed(serialization['Time'], 3)} ms  `;
    lines.push(
      `Serialization: ${time}output=${text(serialization['Output Volume'])}kB  format=${text(serialization['Format'])}`,
    );
  }
  if (top['Execution Time'] !== undefined)
    lines.push(`Execution Time: ${fixed(top['Execution Time'], 3)} ms`);
  return lines;
}

function jitLines(jit: Raw | undefined): readonly string[] {
  if (!jit) return [];
  const options = Object.entries(jit['Options'] as Raw).map(([option, isOn]) => `${option} ${text(isOn)}`);
  const time = (value: Json): string => {
    if (typeof value === 'number') return `${fixed(value, 3)} ms`;
    const { Total, Deform } = value as Raw;
    return `${fixed(Total, 3)} ms (Deform ${fixed(Deform, 3)} ms)`;
  };
  const times = Object.entries((jit['Timing'] ?? {}) as Raw).map(
    ([phase, value]) => `${phase} ${time(value)}`,
  );
  return [
    'JIT:',
    `  Functions: ${text(jit['Functions'])}`,
    `  Options: ${options.join(', ')}`,
    ...(times.length === 0 ? [] : [`  Timing: ${times.join(', ')}`]),
  ];
}
