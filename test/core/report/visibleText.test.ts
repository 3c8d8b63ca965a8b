import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdownBlock, markdownCode, markdownText } from '../../../src/core/report/markdown.ts';
import { visibleBlock, visibleJson, visibleLine } from '../../../src/core/report/visibleText.ts';

test('What would move the cursor, change colours or turn text around is shown as its code', () => {
  const shown: Readonly<Record<string, string>> = {
    'a\u001b[2Jb': 'a\\u{1b}[2Jb',
    'a\u009b31mb': 'a\\u{9b}31mb',
    'a\u0007\u0000b': 'a\\u{7}\\u{0}b',
    'a\u202eb': 'a\\u{202e}b',
    'a\u200bb': 'a\\u{200b}b',
    'a\ud800b': 'a\\u{d800}b',
    'a\u2028b': 'a\\u{2028}b',
    'a\r\n\tb': 'a b',
    'naïve 表 🐘': 'naïve 表 🐘',
  };
  for (const [text, expected] of Object.entries(shown)) assert.equal(visibleLine(text), expected);
});

test('A name of 60 KB does not fill the screen', () => {
  assert.ok(visibleLine('x'.repeat(60_000)).length < 2_100);
});

test('Blocks keep their lines and nothing else of what is invisible', () => {
  assert.equal(visibleBlock('a\r\n\tb\u001b'), 'a\n  b\\u{1b}');
});

test('JSON keeps its values, and shows nothing that would turn text around', () => {
  const value = { 'a\u202eb': ['\u001b[2J', 'soft\u00adhyphen', '\u{e0041}', 'naïve 表 🐘\n'] };
  const text = visibleJson(value);
  assert.deepEqual(JSON.parse(text), value);
  assert.match(text, /"a\\u202eb"/);
  assert.match(text, /"\\udb40\\udc41"/);
  assert.match(text, /naïve 表 🐘/);
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
});

test('Markdown: markup, HTML, table cells and mentions in names stay text', () => {
  const shown: Readonly<Record<string, string>> = {
    '<img src=x onerror=alert(1)>': '\\<img src=x onerror=alert(1)\\>',
    '[a](javascript:b)': '\\[a\\](javascript:b)',
    'a|b': 'a\\|b',
    '# x': '\\# x',
    '1. x': '1\\. x',
    'model_versions * 2': 'model\\_versions \\* 2',
    'ask @team': 'ask @\u2060team',
    '&amp;': '\\&amp;',
  };
  for (const [text, expected] of Object.entries(shown)) assert.equal(markdownText(text), expected);
});

test('Markdown: fences are longer than any in their text', () => {
  assert.equal(markdownCode('a`b|c'), '``a`b\\|c``');
  assert.equal(markdownCode('`a`'), '`` `a` ``');
  assert.equal(markdownBlock('a\n```\nb', 'sql'), '````sql\na\n```\nb\n````');
});
