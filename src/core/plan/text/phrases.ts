/** Lines in words: settings, JIT, table samples. Each reader tells whether it opens a section (none does). */
import type { RawValue } from '../raw.ts';
import { type RawDraft, setMember } from '../rawBuilder.ts';
import { quantityOf, valueOf } from './numbers.ts';
import { splitList } from './quoting.ts';

/**
 * "work_mem = '4MB', search_path = '"$user", public'": the server does not escape quotes inside a value, so it ends
 * at a quote behind which another setting begins.
 */
export function settings(target: RawDraft, value: string): false {
  const values: RawDraft = {};
  const begins = [...value.matchAll(/(?:^|', )([\w.]+) = '/g)];
  for (const [index, begin] of begins.entries()) {
    const end = begins[index + 1]?.index ?? value.lastIndexOf("'");
    setMember(values, begin[1]!, value.slice(begin.index + begin[0].length, end));
  }
  if (begins[0]?.index === 0) target['Settings'] = values;
  return false;
}

/** "Inlining true, Optimization false" */
export function jitOptions(target: RawDraft, value: string): false {
  const options: RawDraft = {};
  for (const phrase of value.split(', ')) {
    const space = phrase.indexOf(' ');
    if (space < 0) return false;
    setMember(options, phrase.slice(0, space), valueOf(phrase.slice(space + 1)));
  }
  target['Options'] = options;
  return false;
}

/** "Generation 1.2 ms (Deform 0.4 ms), Inlining 0.0 ms, …, Total 6.8 ms"; Deform from PostgreSQL 17. */
export function jitTiming(target: RawDraft, value: string): false {
  const timing: RawDraft = {};
  for (const phrase of splitList(value)) {
    const space = phrase.indexOf(' ');
    if (space < 0) return false;
    setMember(timing, phrase.slice(0, space), jitTime(phrase.slice(space + 1)));
  }
  target['Timing'] = timing;
  return false;
}

function jitTime(text: string): RawValue {
  const deform = text.indexOf(' (Deform ');
  if (deform < 0 || !text.endsWith(')')) return quantityOf(text);
  const total = quantityOf(text.slice(0, deform));
  return { Deform: quantityOf(text.slice(deform + ' (Deform '.length, -1)), Total: total };
}

/** "bernoulli ('10'::real) REPEATABLE ('5'::double precision)" */
export function sampling(target: RawDraft, value: string): false {
  const open = value.indexOf(' (');
  const seedAt = value.indexOf(' REPEATABLE (');
  const close = value.lastIndexOf(')', seedAt < 0 ? value.length : seedAt);
  if (open < 0 || close < open) return false;
  target['Sampling Method'] = value.slice(0, open);
  target['Sampling Parameters'] = splitList(value.slice(open + 2, close));
  if (seedAt >= 0) target['Repeatable Seed'] = value.slice(seedAt + ' REPEATABLE ('.length, -1);
  return false;
}
