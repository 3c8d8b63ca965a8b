/** docs/FINDINGS.md: every rule as its own doc comment describes it. UPDATE_GOLDEN=1 writes the page anew. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rules } from '../../../src/core/rules/index.ts';
import { checkFile } from '../../support/golden.ts';

const folder = join(import.meta.dirname, '../../../src/core/rules');

test('the page of findings says what the rules say', () => {
  const page = renderPage(readList());
  const described = [...page.matchAll(/^### (.*)$/gm)].map(([, id]) => id);
  assert.deepEqual(
    described,
    rules.map(({ id }) => id),
  );
  checkFile('docs/FINDINGS.md', page);
});

test('every rule has its cases', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
  const described = files.flatMap((name) =>
    [...readFileSync(join(import.meta.dirname, name), 'utf8').matchAll(/describeRule\(\s*'([\w-]+)'/g)].map(
      ([, id]) => id,
    ),
  );
  assert.equal(described.length, rules.length);
  assert.deepEqual(new Set(described), new Set(rules.map(({ id }) => id)));
});

/** A part of the list in index.ts: its comment, and the names below it. */
interface Part {
  readonly title: string;
  readonly names: readonly string[];
}

function readList(): readonly Part[] {
  const index = readFileSync(join(folder, 'index.ts'), 'utf8');
  const list = /export const rules: readonly Rule\[\] = \[\n([\s\S]*?)\n\];/.exec(index)?.[1] ?? '';
  const parts: { title: string; names: string[] }[] = [];
  for (const line of list.split('\n')) {
    const title = /^ *\/\/ (.*?)\.?$/.exec(line)?.[1];
    const name = /^ *(\w+),$/.exec(line)?.[1];
    if (title !== undefined) parts.push({ title, names: [] });
    if (name !== undefined) parts.at(-1)?.names.push(name);
  }
  return parts.filter(({ names }) => names.length > 0);
}

function renderPage(parts: readonly Part[]): string {
  const lines = [
    '# Findings',
    '',
    '<!-- Made from the doc comments of src/core/rules by test/core/rules/findingsPage.test.ts (UPDATE_GOLDEN=1). -->',
    '',
    'What the profiler looks for in a plan: when it speaks, when it stays silent, and what to do. Findings are ranked by the time that could be saved; that time is an upper bound. Each finding names the numbers that it rests on.',
  ];
  for (const { title, names } of parts) {
    lines.push('', `## ${title}`);
    for (const name of names) lines.push('', ...renderRule(name));
  }
  return `${lines.join('\n')}\n`;
}

function renderRule(name: string): readonly string[] {
  const text = readFileSync(join(folder, `${name}.ts`), 'utf8');
  const [, doc = '', id = ''] =
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const \w+ = define(?:Node)?Rule\(\{\n  id: '([^']*)'/.exec(
      text,
    ) ?? [];
  const sentences = doc.replaceAll(/\n \* ?/g, '\n').trim();
  const [what = '', ...labelled] = sentences.split(/\n(?=(?:Why|Threshold|Trap|Savable|Fix):)/);
  return [
    `### ${id}`,
    '',
    oneLine(what),
    '',
    ...labelled.map((part) => `- ${oneLine(part).replace(/^(\w+):/, '**$1:**')}`),
  ];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}
