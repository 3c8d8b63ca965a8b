/** What every format's parser needs to build raw objects out of hostile text. */
import type { RawValue } from './raw.ts';

/** A raw object under construction. */
export type RawDraft = Record<string, RawValue>;

/** Assignment would run the setter of `__proto__`: the key is hostile text like any other. */
export function setMember(object: RawDraft, key: string, value: RawValue): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** A double holds any 15 significant digits exactly enough to print them again. */
const exactDigits = 15;

/** The number, or its own spelling where a double would change it (a Query Identifier exceeds 2^53). */
export function exactNumber(lexeme: string): number | string {
  const number = Number(lexeme);
  if (!Number.isFinite(number)) return lexeme;
  if (lexeme.length <= exactDigits) return number;
  if (/^-?\d+$/.test(lexeme)) return Number.isSafeInteger(number) ? number : lexeme;
  const digits = lexeme
    .replace(/[eE].*$/, '')
    .replace(/[^\d]/g, '')
    .replace(/^0+/, '');
  return digits.length <= exactDigits ? number : lexeme;
}
