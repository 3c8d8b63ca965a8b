/** The statement and its parameters, which auto_explain prints above the plan, without reading the plan. */
import { closingQuote, unquote } from '../plan/yamlScalars.ts';
import type { LogEntry } from './logEntry.ts';

type QueryHeader = Pick<LogEntry, 'queryText' | 'parameters'>;

export function queryHeader(body: string, format: LogEntry['format']): QueryHeader {
  const read = readers[format];
  const queryText = read(body, 'Query Text');
  const parameters = read(body, 'Query Parameters');
  return { ...(queryText !== undefined && { queryText }), ...(parameters !== undefined && { parameters }) };
}

type Reader = (body: string, key: string) => string | undefined;

const readers: Readonly<Record<LogEntry['format'], Reader>> = {
  text: textField,
  json: (body, key) => quotedField(body, `"${key}": `),
  yaml: (body, key) => quotedField(body, `${key}: `),
  xml: (body, key) => xmlField(body, key.replaceAll(' ', '-')),
};

/** The top node: auto_explain always prints costs, and nothing of it is indented. */
const topNode = /^\S.* {2}\(cost=\d/;

/** Lines up to the next key or the plan: a statement has as many as its author wrote. */
function textField(body: string, key: string): string | undefined {
  const found: string[] = [];
  for (let at = 0; at < body.length;) {
    const newline = body.indexOf('\n', at);
    const end = newline < 0 ? body.length : newline;
    const line = body.slice(at, end);
    const isOtherKey = /^Query (?:Text|Parameters): /.test(line) && !line.startsWith(key);
    if (found.length === 0) {
      if (line.startsWith(`${key}: `)) found.push(line.slice(key.length + 2));
      else if (topNode.test(line)) return undefined;
    } else if (isOtherKey || topNode.test(line)) break;
    else found.push(line);
    at = end + 1;
  }
  return found.length === 0 ? undefined : found.join('\n').trimEnd();
}

/** JSON's escapes are YAML's too. Only on the lines above the plan. */
function quotedField(body: string, start: string): string | undefined {
  const plan = body.search(/^\s*"?Plan"?:/m);
  const head = plan < 0 ? body : body.slice(0, plan);
  const open = head.indexOf(`${start}"`) + start.length;
  if (open < start.length) return undefined;
  const close = closingQuote(head, open);
  return close < 0 ? undefined : unquote(head.slice(open, close + 1));
}

function xmlField(body: string, tag: string): string | undefined {
  const open = body.indexOf(`<${tag}>`);
  const close = body.indexOf(`</${tag}>`, open);
  const plan = body.indexOf('<Plan>');
  if (open < 0 || close < 0 || (plan >= 0 && plan < open)) return undefined;
  return body.slice(open + tag.length + 2, close).replace(/&(#x[\da-f]+|\w+);/gi, characterOf);
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** escape_xml of the server writes three entities, and the carriage return as a number. */
function characterOf(whole: string, name: string): string {
  if (!name.startsWith('#')) return entities[name] ?? whole;
  const code = Number.parseInt(name.slice(2), 16);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
}
