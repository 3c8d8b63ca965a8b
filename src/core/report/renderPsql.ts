/** The plan as psql prints the result of EXPLAIN: what forums, tickets and other tools take. */
import { detectFormat } from '../plan/detectFormat.ts';
import { parseJson } from '../plan/parseJson.ts';
import { parseXml } from '../plan/parseXml.ts';
import { parseYaml } from '../plan/parseYaml.ts';
import { isRawPlan } from '../plan/planTree.ts';
import { renderTextPlan } from '../plan/renderTextPlan.ts';

const parsers = { json: parseJson, yaml: parseYaml, xml: parseXml } as const;

/** Undefined when the plan came in another format than TEXT and cannot be told in it: a distributed one. */
export function renderPsql(rawPlan: string): string | undefined {
  const format = detectFormat(rawPlan);
  const text = format === 'text' ? rawPlan.trimEnd() : textOf(rawPlan, format);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  const width = lines.reduce((most, line) => Math.max(most, line.length), 'QUERY PLAN'.length);
  const before = Math.floor((width + 2 - 'QUERY PLAN'.length) / 2);
  return [
    `${' '.repeat(before)}QUERY PLAN`,
    '-'.repeat(width + 2),
    ...lines.map((line) => ` ${line}`),
    `(${lines.length} ${lines.length === 1 ? 'row' : 'rows'})`,
    '',
  ].join('\n');
}

function textOf(rawPlan: string, format: keyof typeof parsers): string | undefined {
  const [raw] = parsers[format](rawPlan).documents.flat().filter(isRawPlan);
  if (raw === undefined || rawPlan.includes('Distributed Query')) return undefined;
  return renderTextPlan(raw);
}
