/** A drawing as data: what icicle and diagram show on screen, and what is saved as a picture. Pure. */
import type { PlanNode } from '../src/shared/report.ts';

/**
 * A colour by what it means; styles/paints.css gives each its value, `.paint-NAME`. The ones with a number are a hue mixed with the
 * background, stronger with the number.
 */
export type Paint =
  | 'strong'
  | 'dim'
  | 'edge'
  | 'frame'
  | 'box'
  | 'ground'
  | 'critical'
  | 'warning'
  | 'info'
  | 'far-off'
  | `bar-${Hue}`
  | TintPaint;
export type TintPaint = `${Hue}-${Strength}`;
export type Hue = 'blue' | 'red' | 'yellow';
export type Strength = 0 | 1 | 2 | 3 | 4;

/** Sizes in pixels are fixed, so that a saved picture and the screen agree. */
export type TextStyle = 'usual' | 'bold' | 'small';
export const textSizesPx: Readonly<Record<TextStyle, number>> = { usual: 12, bold: 12, small: 11 };

export type Shape =
  | {
      readonly kind: 'rect';
      readonly paint: Paint;
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    }
  | {
      readonly kind: 'text';
      readonly paint: Paint;
      readonly style: TextStyle;
      /** Start of the text, or its end when `toLeft`. */
      readonly x: number;
      /** The line that the letters stand on. */
      readonly y: number;
      readonly text: string;
      readonly toLeft?: boolean;
    }
  | {
      readonly kind: 'line';
      readonly paint: Paint;
      readonly path: string;
      readonly widthPx: number;
      readonly dashed?: boolean;
    }
  | {
      readonly kind: 'area';
      readonly paint: Paint;
      readonly path: string;
      /** Where the path's origin lies; 0, 0 unless said otherwise. */
      readonly x?: number;
      readonly y?: number;
    };

/** A node as it is drawn: one thing to point at. */
export interface Mark {
  readonly node: PlanNode;
  /** Everything about it in words, with exact numbers: tooltip and accessible name. */
  readonly name: string;
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  /** Whether what is below it is drawn; absent where nothing is. */
  readonly isOpen?: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

export interface Drawing {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Edges, and nodes that are too many or too small to be things of their own. */
  readonly under: readonly Shape[];
  readonly marks: readonly Mark[];
}

/** Dashes of a dashed line: drawn, left out. */
export const dashesPx = [4, 3] as const;

/** The width of a text in pixels. Given by the caller: only a browser knows. */
export type Measure = (text: string, style: TextStyle) => number;

/** Cuts between what people see as letters, not inside an emoji. */
const segmenter = new Intl.Segmenter();

/** The text, cut with an ellipsis to what fits; empty when not even two letters would. */
export function fitText(text: string, widthPx: number, style: TextStyle, measure: Measure): string {
  if (measure(text, style) <= widthPx) return text;
  const letters = Array.from(segmenter.segment(text), ({ segment }) => segment);
  let [fits, tooMany] = [0, letters.length];
  while (tooMany - fits > 1) {
    const half = Math.floor((fits + tooMany) / 2);
    if (measure(`${letters.slice(0, half).join('')}…`, style) <= widthPx) fits = half;
    else tooMany = half;
  }
  return fits < 2 ? '' : `${letters.slice(0, fits).join('').trimEnd()}…`;
}

/** A coordinate, as short as a screen can tell. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function rectPath(x: number, y: number, width: number, height: number): string {
  return `M${px(x)} ${px(y)}h${px(width)}v${px(height)}h${px(-width)}z`;
}

/** Paths of one paint, gathered into one shape each. */
export class PathBatch {
  readonly #paths = new Map<Paint, string[]>();

  add(paint: Paint, path: string): void {
    const paths = this.#paths.get(paint);
    if (paths === undefined) this.#paths.set(paint, [path]);
    else paths.push(path);
  }

  shapes(): readonly Shape[] {
    return [...this.#paths].map(([paint, paths]) => ({ kind: 'area', paint, path: paths.join('') }));
  }
}
