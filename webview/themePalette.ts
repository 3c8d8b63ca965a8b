/** The theme as it is on screen now: the colours and fonts that drawings are saved with, and the widths of their letters. */
import { canvasFont } from './canvasPicture.ts';
import type { Measure, Paint, TextStyle } from './drawing.ts';
import { channelsOf, hexColour, type Palette } from './svgText.ts';

/** Read by giving each paint to an element and asking what came of it, so that styles/paints.css stays the only list of colours. */
export function themePalette(): Palette {
  const probe = document.createElement('span');
  document.body.append(probe);
  const computed = (paint: Paint) => {
    probe.className = `paint-${paint}`;
    return getComputedStyle(probe).color;
  };
  const ground = channelsOf(computed('ground'), [255, 255, 255]);
  const colours = new Map<Paint, string>();
  const { fontFamily } = getComputedStyle(document.body);
  const colourOf = (paint: Paint) => {
    const known = colours.get(paint);
    if (known !== undefined) return known;
    document.body.append(probe);
    const colour = hexColour(computed(paint), ground);
    probe.remove();
    colours.set(paint, colour);
    return colour;
  };
  probe.remove();
  return { colourOf, fontFamily };
}

let widths = new Map<string, number>();
let measuredFont = '';
let context: CanvasRenderingContext2D | null | undefined;

/** Widths of letters are kept: a drawing asks for the same few thousand times. Kerning is ignored, which never cuts too late. */
export function textMeasure(): Measure {
  const { fontFamily } = getComputedStyle(document.body);
  if (fontFamily !== measuredFont) {
    measuredFont = fontFamily;
    widths = new Map();
  }
  context ??= document.createElement('canvas').getContext('2d');
  return (text, style) => {
    let sum = 0;
    for (const letter of text) sum += letterWidth(letter, style);
    return sum;
  };
}

function letterWidth(letter: string, style: TextStyle): number {
  const key = style + letter;
  const known = widths.get(key);
  if (known !== undefined) return known;
  if (context) context.font = canvasFont(style, measuredFont);
  // Without a canvas: about as wide as letters are.
  const width = context?.measureText(letter).width ?? 7;
  widths.set(key, width);
  return width;
}
