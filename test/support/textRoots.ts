/** Raw trees of plans in TEXT. */
import assert from 'node:assert/strict';
import { parseText } from '../../src/core/plan/parseText.ts';
import type { Json } from '../../src/shared/report.ts';

export type RawObject = Readonly<Record<string, Json>>;

/** The root of the only plan, of which nothing is missing. */
export function rootOf(text: string): RawObject {
  return topOf(text)['Plan'] as RawObject;
}

export function topOf(text: string): RawObject {
  const { documents, problems } = parseText(text);
  assert.deepEqual(problems, []);
  assert.equal(documents.length, 1);
  return documents[0] as RawObject;
}

/** Of a text that may lack something. */
export function rootOfPart(text: string): RawObject {
  return (parseText(text).documents[0] as RawObject)['Plan'] as RawObject;
}
