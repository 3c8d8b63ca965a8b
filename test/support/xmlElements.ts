/** A strict reader of the XML that we write ourselves: anything else in it is an error. */
import assert from 'node:assert/strict';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const token = /<(\/?)([a-z]+)((?:\s+[a-zA-Z:-]+="[^"<]*")*)(\/?)>|([^<]+)/y;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** Elements in their order, and all text together. */
export function xmlElements(xml: string): {
  readonly elements: readonly XmlElement[];
  readonly text: string;
} {
  const elements: XmlElement[] = [];
  const open: string[] = [];
  let text = '';
  token.lastIndex = 0;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const [, closing, name = '', attributes = '', empty, words] = token.exec(xml) ?? [];
    assert.ok(token.lastIndex > at, `no XML: ${xml.slice(at, at + 60)}`);
    if (words !== undefined) text += plain(words);
    else if (closing === '/') assert.equal(open.pop(), name);
    else {
      elements.push({ name, attributes: attributesOf(attributes) });
      if (empty !== '/') open.push(name);
    }
  }
  assert.deepEqual(open, [], 'every element is closed');
  return { elements, text };
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/([a-zA-Z:-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, plain(value)]),
  );
}

function plain(text: string): string {
  assert.ok(
    Array.from(text).every((letter) => letter >= ' ' || letter === '\n' || letter === '\t'),
    'no control characters',
  );
  return text.replaceAll(/&([^;\s]*);?/g, (whole, name: string) => {
    assert.ok(name in entities && whole.endsWith(';'), `${whole} is no entity`);
    return entities[name] ?? '';
  });
}
