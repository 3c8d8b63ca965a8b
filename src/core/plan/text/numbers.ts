/** Numbers as TEXT prints them: with their unit, and beside other words. */
import type { RawValue } from '../raw.ts';
import { exactNumber } from '../rawBuilder.ts';

/** True for what JSON would print as a number: digits, one sign, one decimal point. */
export function isNumber(text: string): boolean {
  let at = text.charCodeAt(0) === minus ? 1 : 0;
  if (at === text.length) return false;
  let points = 0;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === point && ++points === 1) continue;
    if (code < digit0 || code > digit9) return false;
  }
  return text.length > points;
}

const minus = 45;
const point = 46;
const digit0 = 48;
const digit9 = 57;

const units: readonly string[] = ['kB', 'ms', 'bytes'];

/** "79kB" and "0.097 ms" are numbers in the other formats, of an implied unit; anything else stays text. */
export function quantityOf(text: string): RawValue {
  const unit = units.find((one) => text.endsWith(one));
  const number = unit === undefined ? text : text.slice(0, -unit.length).trimEnd();
  return isNumber(number) ? exactNumber(number) : text;
}

/** A value whose key says nothing about its type. */
export function valueOf(text: string): RawValue {
  if (text === 'true') return true;
  if (text === 'false') return false;
  return isNumber(text) ? exactNumber(text) : text;
}

/** "shared hit=1 read=2" → words before each "=" and the number behind it; undefined if it is anything else. */
export function assignmentsOf(
  text: string,
): readonly (readonly [name: string, value: RawValue])[] | undefined {
  const assignments: [string, RawValue][] = [];
  let words = '';
  for (const word of text.split(' ')) {
    if (word === '') continue;
    const equals = word.indexOf('=');
    if (equals < 0) {
      words += `${word} `;
      continue;
    }
    assignments.push([words + word.slice(0, equals), quantityOf(word.slice(equals + 1))]);
    words = '';
  }
  return words === '' && assignments.length > 0 ? assignments : undefined;
}
