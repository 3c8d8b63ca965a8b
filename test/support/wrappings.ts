/** What tools and people do to a plan on its way: each makes a wrapped text of the server's own. */

export interface Wrapping {
  readonly name: string;
  wrap(text: string): string;
  /** Formats that this is done to; all when absent. */
  readonly only?: readonly string[];
  /** TEXT without costs and measures cannot be told from prose in it. */
  readonly needsNumbers?: true;
}

const linesOf = (text: string) => text.trimEnd().split('\n');
const eachLine = (change: (line: string, index: number) => string) => (text: string) =>
  linesOf(text).map(change).join('\n');
const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
const escapeHtml = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
/** Header, frame, rows. */
function psqlTable(text: string): string {
  const full = width(text) + 2;
  const header = `${' '.repeat((full - 10) / 2)}QUERY PLAN`.padEnd(full);
  return [header, '-'.repeat(full), ...linesOf(text).map((line) => ` ${line}`), '(9 rows)', ''].join('\n');
}

/** In single quotes unless there are some inside. */
function pythonText(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', String.raw`\n`);
  if (escaped.includes("'") && !escaped.includes('"')) return `"${escaped}"`;
  return `'${escaped.replaceAll("'", String.raw`\'`)}'`;
}
const width = (text: string) => Math.max(...linesOf(text).map((line) => line.length));

/** Cuts lines at a width, as a terminal does. */
function cutAt(columns: number): (text: string) => string {
  return (text) =>
    linesOf(text)
      .flatMap((line) => {
        const pieces: string[] = [];
        for (let at = 0; at < Math.max(line.length, 1); at += columns)
          pieces.push(line.slice(at, at + columns));
        return pieces;
      })
      .join('\n');
}

/** Breaks lines between words, as a mail program does; indentation stays at the first piece. */
function breakAt(columns: number): (text: string) => string {
  return (text) =>
    linesOf(text)
      .flatMap((line) => {
        const pieces: string[] = [];
        let rest = line;
        while (rest.length > columns) {
          const indentation = rest.length - rest.trimStart().length;
          const space = rest.lastIndexOf(' ', columns);
          if (space <= indentation) break;
          pieces.push(rest.slice(0, space));
          rest = rest.slice(space + 1);
        }
        return [...pieces, rest];
      })
      .join('\n');
}

export const wrappings: readonly Wrapping[] = [
  { name: 'Windows line ends', wrap: (text) => text.replaceAll('\n', '\r\n') },
  { name: 'old Macintosh line ends', wrap: (text) => text.replaceAll('\n', '\r') },
  { name: 'a byte order mark', wrap: (text) => `\uFEFF${text}` },
  {
    name: 'no-break spaces',
    wrap: (text) => text.replaceAll(/^ +|  /gm, (spaces) => '\u00A0'.repeat(spaces.length)),
    only: ['txt', 'json'],
  },
  { name: 'spaces behind the lines', wrap: eachLine((line) => `${line}   `) },
  { name: 'an indented block', wrap: eachLine((line) => `      ${line}`), only: ['txt', 'json', 'xml'] },
  { name: 'leading tabs', wrap: eachLine((line) => `\t${line}`), only: ['txt', 'json', 'xml'] },
  { name: 'a quoted mail', wrap: eachLine((line) => `> ${line}`) },
  {
    name: 'a mail quoted twice, without spaces',
    wrap: eachLine((line) => `>>${line}`),
    only: ['txt', 'json'],
  },
  { name: 'SQL comments', wrap: eachLine((line) => `-- ${line}`) },
  { name: 'shell comments', wrap: eachLine((line) => `# ${line}`) },
  { name: 'code comments', wrap: eachLine((line) => `    // ${line}`) },
  { name: 'a block comment', wrap: (text) => `/*\n${eachLine((line) => ` * ${line}`)(text)}\n */` },
  {
    name: 'Markdown fences',
    wrap: (text) => `Why is this slow?\n\n\`\`\`sql\n${text}\n\`\`\`\nThanks: a lot!`,
  },
  {
    name: 'Markdown fences in a quoted mail',
    wrap: (text) => eachLine((line) => `> ${line}`)(`Look:\n~~~\n${text}\n~~~`),
  },
  {
    name: 'a ticket',
    wrap: (text) => `Steps: run it.\n\n{code:sql}\n${text}\n{code}\n\nNote: since Monday.`,
  },
  {
    name: 'prose around',
    wrap: (text) => `Hi all, please: help (really).\n\n${text}\n\nIs it the index? See: above.\n- one\n- two`,
    only: ['txt', 'json', 'xml'],
  },
  {
    name: 'a header and a row count',
    wrap: (text) => `QUERY PLAN\n${text.trimEnd()}\n(${linesOf(text).length} rows)\n\nTime: 12.345 ms`,
  },
  {
    name: 'a dashed header',
    wrap: (text) => ` QUERY PLAN \n${'-'.repeat(60)}\n${text.trimEnd()}\n(1 Zeile)\n`,
  },
  { name: 'numbered lines', wrap: eachLine((line, index) => `${index + 1}. ${line}`) },
  {
    name: 'numbered lines with a bar',
    wrap: eachLine((line, index) => `${String(index + 1).padStart(5)} | ${line}`),
  },
  { name: 'cat -n', wrap: eachLine((line, index) => `${String(index + 1).padStart(6)}\t${line}`) },
  {
    name: 'numbered with a colon',
    wrap: eachLine((line, index) => `${index + 1}: ${line}`),
    only: ['txt', 'json', 'xml'],
  },
  {
    name: 'a server’s log prefix on each line',
    wrap: eachLine(
      (line, index) => `2026-11-12 10:00:${String(index % 60).padStart(2, '0')}.123 UTC [4711] LOG:  ${line}`,
    ),
  },
  {
    name: 'a server’s log prefix before the first line',
    wrap: eachLine((line, index) =>
      index === 0 ? `2026-11-12 10:00:01 UTC [4711] LOG:  ${line}` : `\t${line}`,
    ),
    only: ['txt', 'json'],
    needsNumbers: true,
  },
  {
    name: 'a notice of psql’s',
    wrap: (text) => `psql:slow.sql:12: NOTICE:  ${text}`,
    only: ['txt', 'json'],
    needsNumbers: true,
  },
  { name: 'notices', wrap: eachLine((line) => `NOTICE:  ${line}`) },
  { name: 'docker compose', wrap: eachLine((line) => `db_1  | ${line}`) },
  {
    name: 'docker compose around psql’s frame',
    wrap: (text) =>
      eachLine((line) => `db_1  | ${line}`.trimEnd())(
        `  QUERY PLAN\n${'-'.repeat(width(text) + 2)}\n${eachLine((line) => ` ${line}`)(text)}\n(9 rows)`,
      ),
    only: ['txt'],
  },
  {
    name: 'time stamps',
    wrap: eachLine((line, index) => `2026-11-12T10:00:01.${123 + index}Z ${line}`),
  },
  {
    name: 'syslog',
    wrap: eachLine((line, index) => `Nov 12 10:00:01 db-1 postgres[4711]: [${index + 3}-1] ${line}`),
  },
  { name: 'lines that were added', wrap: eachLine((line) => `+${line}`), only: ['txt', 'json', 'xml'] },
  { name: 'lines that were removed', wrap: eachLine((line) => `- ${line}`), only: ['txt', 'json', 'xml'] },
  { name: 'numbered with a space', wrap: eachLine((line, index) => `${index + 1} ${line}`) },
  {
    name: 'numbered in a column on the left',
    wrap: eachLine((line, index) => `${String(index + 1).padEnd(5)}${line}`),
  },
  {
    name: 'numbered in a column on the right',
    wrap: eachLine((line, index) => `${String(index + 1).padStart(5)}  ${line}`),
  },
  { name: 'numbered with a bar and no space', wrap: eachLine((line, index) => `${index + 1}|${line}`) },
  { name: 'numbered with a comma', wrap: eachLine((line, index) => `${index + 1},${line}`) },
  {
    name: 'numbered CSV',
    wrap: (text) => `"","QUERY PLAN"\n${eachLine((line, index) => `"${index + 1}",${quote(line)}`)(text)}`,
  },
  { name: 'numbered in brackets', wrap: eachLine((line, index) => `[${index + 1}] ${line}`) },
  { name: 'numbered with a hash', wrap: eachLine((line, index) => `#${index + 1} ${line}`) },
  { name: 'quotes around each line', wrap: (text) => `"QUERY PLAN"\n${eachLine(quote)(text)}` },
  { name: 'quotes around each line, without a header', wrap: eachLine(quote) },
  {
    name: 'a CSV file that quotes what must be',
    wrap: (text) => `QUERY PLAN\n${eachLine((line) => (/[",]/.test(line) ? quote(line) : line))(text)}`,
    only: ['txt'],
  },
  { name: 'one quoted cell', wrap: (text) => quote(text.trimEnd()) },
  { name: 'one quoted cell below a header', wrap: (text) => `"QUERY PLAN"\n${quote(text.trimEnd())}\n` },
  {
    name: 'strings in code',
    wrap: eachLine((line) => `  "${line.replaceAll('"', String.raw`\"`)}\\n" +`),
    only: ['txt'],
  },
  {
    name: 'a grid with row numbers',
    wrap: (text) => `\tQUERY PLAN\n${eachLine((line, index) => `${index + 1}\t${line}`)(text)}`,
  },
  {
    name: 'an ASCII grid',
    wrap: (text) => {
      const frame = `+${'-'.repeat(width(text) + 2)}+`;
      return [
        frame,
        `| ${'QUERY PLAN'.padEnd(width(text))} |`,
        frame,
        eachLine((line) => `| ${line.padEnd(width(text))} |`)(text),
        frame,
      ].join('\n');
    },
  },
  {
    name: 'a Markdown table',
    wrap: (text) => `| QUERY PLAN |\n| :--- |\n${eachLine((line) => `| ${line} |`)(text)}`,
  },
  {
    name: 'DataGrip’s pretty print',
    wrap: (text) => {
      const frame = `+${'-'.repeat(width(text))}+`;
      return [
        frame,
        `|${'QUERY PLAN'.padEnd(width(text))}|`,
        frame,
        eachLine((line) => `|${line.padEnd(width(text))}|`)(text),
        frame,
      ].join('\n');
    },
  },
  {
    name: 'DBeaver’s text grid',
    wrap: (text) =>
      [
        `${'QUERY PLAN'.padEnd(width(text))}|`,
        `${'-'.repeat(width(text))}+`,
        eachLine((line) => `${line.padEnd(width(text))}|`)(text),
      ].join('\n'),
  },
  {
    name: 'DBeaver’s text grid in a mail',
    wrap: (text) => eachLine((line) => `> ${line.padEnd(width(text))}|`)(`QUERY PLAN\n----------\n${text}`),
  },
  {
    name: 'rows that DataGrip copied, with a number and the type below the title',
    wrap: (text) =>
      `\tQUERY PLAN\n\ttext\n${eachLine((line, index) => `${index + 1}\t${quote(line)}`)(text)}`,
  },
  {
    name: 'rows as JSON',
    wrap: (text) =>
      JSON.stringify(
        linesOf(text).map((line) => ({ 'QUERY PLAN': line })),
        null,
        2,
      ),
  },
  { name: 'one cell as JSON', wrap: (text) => JSON.stringify([{ 'QUERY PLAN': text }]) },
  { name: 'a list of texts as JSON', wrap: (text) => JSON.stringify(linesOf(text)) },
  { name: 'a list of texts as JSON, a line each', wrap: (text) => JSON.stringify(linesOf(text), null, 1) },
  { name: 'a list of lists as JSON', wrap: (text) => JSON.stringify(linesOf(text).map((line) => [line])) },
  { name: 'one text in a list as JSON', wrap: (text) => JSON.stringify([text]) },
  { name: 'Python’s list', wrap: (text) => `[${linesOf(text).map(pythonText).join(', ')}]` },
  {
    name: 'Python’s list of tuples',
    wrap: (text) =>
      `>>> print(cursor.fetchall())\n[${linesOf(text)
        .map((line) => `(${pythonText(line)},)`)
        .join(', ')}]\n>>> `,
  },
  { name: 'a tuple of Python’s in each line', wrap: eachLine((line) => `(${pythonText(line)},)`) },
  { name: 'one tuple of Python’s', wrap: (text) => `[(${pythonText(text)},)]` },
  {
    name: 'Python’s dictionaries',
    wrap: (text) =>
      `[RealDictRow([('QUERY PLAN', ${linesOf(text).map(pythonText).join(")]), RealDictRow([('QUERY PLAN', ")})])]`,
  },
  {
    name: 'asyncpg’s records',
    wrap: (text) =>
      `[${linesOf(text)
        .map((line) => `<Record QUERY PLAN=${pythonText(line)}>`)
        .join(', ')}]`,
  },
  {
    name: 'Node’s console',
    wrap: (text) =>
      `[\n${eachLine((line) => (line.length < 60 ? `  { 'QUERY PLAN': ${pythonText(line)} },` : `  {\n    'QUERY PLAN': ${pythonText(line)}\n  },`))(text)}\n]`,
  },
  {
    name: 'Ruby’s hashes',
    wrap: (text) =>
      `[${linesOf(text)
        .map((line) => `{"QUERY PLAN"=>${JSON.stringify(line)}}`)
        .join(', ')}]`,
  },
  {
    name: 'PostgreSQL’s array',
    wrap: (text) =>
      `{${linesOf(text)
        .map((line) => JSON.stringify(line))
        .join(',')}}`,
  },
  { name: 'visible line ends', wrap: (text) => linesOf(text).join('↵\n') },
  { name: 'visible line ends in one line', wrap: (text) => linesOf(text).join('↵') },
  {
    name: 'escaped line ends in one line',
    wrap: (text) => JSON.stringify(text.trimEnd()),
    only: ['txt', 'json'],
  },
  { name: 'an arrow of a word processor', wrap: (text) => text.replaceAll('->', '→'), only: ['txt'] },
  { name: 'an arrow of a mail program', wrap: (text) => text.replaceAll('->', '–>'), only: ['txt'] },
  { name: 'an arrow of a chat', wrap: (text) => text.replaceAll(/^( *)->/gm, '$1—>'), only: ['txt'] },
  { name: 'an arrow with two strokes', wrap: (text) => text.replaceAll(/^( *)->/gm, '$1=>'), only: ['txt'] },
  {
    name: 'dots of a word processor',
    wrap: (text) => text.replaceAll(/(?<=\d)\.\.(?=\d)/g, '…'),
    only: ['txt'],
  },
  { name: 'quotes of a word processor', wrap: (text) => text.replaceAll('"', '”'), only: ['json'] },
  { name: 'a page’s source', wrap: escapeHtml },
  { name: 'a page’s source in <pre>', wrap: (text) => `<pre class="x">\n${escapeHtml(text)}</pre>` },
  {
    name: 'a table of a page',
    wrap: (text) =>
      `<table><tr><th>QUERY PLAN</th></tr>\n${eachLine(
        (line) => `<tr><td>${escapeHtml(line).replaceAll(' ', '&nbsp;')}</td></tr>`,
      )(text)}\n</table>`,
  },
  {
    name: 'a terminal’s colours',
    wrap: eachLine((line) => line.replace(/[A-Z][\w ]*/, (words) => `\u001B[1;34m${words}\u001B[0m\u001B[K`)),
  },
  { name: 'a terminal of 80 columns', wrap: cutAt(80), only: ['txt', 'json'] },
  { name: 'a terminal of 120 columns', wrap: cutAt(120), only: ['txt', 'json'] },
  { name: 'a mail of 96 columns', wrap: breakAt(96), only: ['txt', 'json'] },
  {
    name: 'psql’s table on a terminal of 80 columns',
    wrap: (text) => cutAt(80)(psqlTable(text)),
    only: ['txt', 'json'],
  },
  {
    name: 'psql’s framed table on a terminal of 80 columns',
    wrap: (text) => {
      const frame = `+${'-'.repeat(width(text) + 2)}+`;
      const rows = ['QUERY PLAN', ...linesOf(text)].map((line) => `| ${line.padEnd(width(text))} |`);
      return cutAt(80)([frame, rows[0], frame, ...rows.slice(1), frame].join('\n'));
    },
  },
  {
    name: 'a quoted mail that was cut at 76 columns',
    wrap: (text) => eachLine((line) => `> ${line}`)(cutAt(76)(text)),
    only: ['txt'],
  },
  { name: 'words moved at 72 columns', wrap: breakAt(72), only: ['txt'] },
  {
    name: 'words moved at 72 columns, spaces counted once',
    wrap: eachLine((line) => {
      const content = line.trimStart();
      const spaces = line.slice(0, line.length - content.length);
      return spaces + breakAt(72 - Math.min(spaces.length, 40))(content);
    }),
    only: ['txt'],
  },
  {
    name: 'a quoted mail of 98 columns',
    wrap: (text) => eachLine((line) => `> ${line}`)(breakAt(98)(text)),
    only: ['txt'],
  },
];
