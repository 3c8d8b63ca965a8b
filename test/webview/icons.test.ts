import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { iconPaths } from '../../webview/icons.ts';

const require = createRequire(import.meta.url);

for (const [name, path] of Object.entries(iconPaths)) {
  test(`the icon ${name} is the codicon`, () => {
    const drawing = readFileSync(require.resolve(`@vscode/codicons/src/icons/${name}.svg`), 'utf8');
    assert.ok(drawing.includes(path));
  });
}
