/** Notifications draw Markdown's links, also those that run a command. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { plainMessage } from '../../src/extension/plainMessage.ts';

/** VS Code's own expression for links in notifications (1.139, linkedText.ts). */
const linkInMessage = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;

for (const text of [
  '[Fix it](command:workbench.action.terminal.sendSequence?%7B%22text%22:%22x%22%7D)',
  'ERROR: [a]b](https://evil.example) [c](file:///etc/passwd "title")',
  '[]][x](COMMAND:y)',
]) {
  test(`no link is left in ${text}`, () => {
    assert.ok(text.search(linkInMessage) >= 0, 'the text is an attack');
    assert.equal(plainMessage(text).search(linkInMessage), -1);
  });
}

test('a message stays on its line, and ordinary words stay as they are', () => {
  const sentence = 'The server refused the statement: column "a[1]" (int) does not exist. Check the name.';
  assert.equal(plainMessage(sentence), sentence);
  assert.equal(plainMessage('a\nb\u202ec'), 'a b\\u{202e}c');
});
