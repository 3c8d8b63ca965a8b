/** What a benchmark prints: each figure beside its bar. */

export interface Bars {
  /** A figure that must not exceed its bar. */
  atMost(name: string, value: number, bar: number, unit: string, note?: string): void;
  /** A figure that must reach its bar. */
  atLeast(name: string, value: number, bar: number, unit: string, note?: string): void;
  /** How many were missed so far. */
  missed(): number;
}

export function createBars(): Bars {
  let missed = 0;
  const print = (isMet: boolean, name: string, value: number, bar: string, unit: string, note: string) => {
    if (!isMet) missed++;
    console.log(
      `${isMet ? 'ok    ' : 'MISSED'}  ${name.padEnd(46)} ${value.toFixed(2).padStart(9)} ${unit} (bar ${bar})${note && `  ${note}`}`,
    );
  };
  return {
    atMost: (name, value, bar, unit, note = '') => print(value <= bar, name, value, `${bar}`, unit, note),
    atLeast: (name, value, bar, unit, note = '') =>
      print(value >= bar, name, value, `at least ${bar}`, unit, note),
    missed: () => missed,
  };
}
