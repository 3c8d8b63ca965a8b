/** A drawing as the text of an SVG file that needs nothing beside it: colours and font resolved, names escaped. Pure. */
import { dashesPx, px, textSizesPx, type Drawing, type Paint, type Shape } from './drawing.ts';

/** What the theme gives: each paint as #rrggbb, and the font. */
export interface Palette {
  readonly colourOf: (paint: Paint) => string;
  readonly fontFamily: string;
}

/** A drawing with the words that it needs where no panel stands around it. */
export interface Picture {
  readonly drawing: Drawing;
  /** The first line, in bold. */
  readonly title: string;
  /** One line each, under the title. */
  readonly notes: readonly string[];
}

/** Around and above the drawing; the rest of a picture is the drawing itself. */
export const picturePx = { margin: 16, titleLine: 20, noteLine: 17 } as const;

export function pictureSizePx({ drawing, notes, title }: Picture): {
  readonly width: number;
  readonly height: number;
  readonly drawingY: number;
} {
  const { margin, titleLine, noteLine } = picturePx;
  // Wide enough for a short plan's words: no line is cut, for the text wraps nowhere.
  const longest = Math.max(title.length * 7.5, ...notes.map((note) => note.length * 6.5));
  const drawingY = margin + titleLine + notes.length * noteLine + margin / 2;
  return {
    width: Math.ceil(Math.max(drawing.widthPx, longest) + 2 * margin),
    height: Math.ceil(drawingY + drawing.heightPx + margin),
    drawingY,
  };
}

/** The lines over the drawing, as shapes. */
export function captionShapes({ title, notes }: Picture): readonly Shape[] {
  const { margin, titleLine, noteLine } = picturePx;
  const at = { kind: 'text', x: margin } as const;
  return [
    { ...at, paint: 'strong', style: 'bold', y: margin + 12, text: title },
    ...notes.map((text, index): Shape => {
      const y = margin + titleLine + (index + 1) * noteLine - 5;
      return { ...at, paint: 'dim', style: 'small', y, text };
    }),
  ];
}

export function svgText(picture: Picture, palette: Palette): string {
  const { drawing } = picture;
  const { width, height, drawingY } = pictureSizePx(picture);
  const draw = (shape: Shape) => shapeText(shape, palette);
  const marks = drawing.marks.map(
    ({ name, shapes }) => `<g><title>${escapeXml(name)}</title>${shapes.map(draw).join('')}</g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ` font-family="${escapeXml(palette.fontFamily)}" role="img" aria-label="${escapeXml(picture.title)}">\n`,
    `<rect width="${width}" height="${height}" fill="${palette.colourOf('ground')}"/>\n`,
    ...captionShapes(picture).map((shape) => `${draw(shape)}\n`),
    `<g transform="translate(${picturePx.margin} ${px(drawingY)})">\n`,
    ...drawing.under.map((shape) => `${draw(shape)}\n`),
    ...marks.map((mark) => `${mark}\n`),
    '</g>\n</svg>\n',
  ].join('');
}

function shapeText(shape: Shape, { colourOf }: Palette): string {
  const colour = colourOf(shape.paint);
  switch (shape.kind) {
    case 'rect':
      return `<rect x="${px(shape.x)}" y="${px(shape.y)}" width="${px(shape.width)}" height="${px(shape.height)}" fill="${colour}"/>`;
    case 'text': {
      const weight = shape.style === 'bold' ? ' font-weight="600"' : '';
      const anchor = shape.toLeft === true ? ' text-anchor="end"' : '';
      return `<text x="${px(shape.x)}" y="${px(shape.y)}" font-size="${textSizesPx[shape.style]}"${weight}${anchor} fill="${colour}">${escapeXml(shape.text)}</text>`;
    }
    case 'line': {
      const dashes = shape.dashed === true ? ` stroke-dasharray="${dashesPx.join(' ')}"` : '';
      return `<path d="${shape.path}" fill="none" stroke="${colour}" stroke-width="${px(shape.widthPx)}"${dashes}/>`;
    }
    case 'area': {
      const { x = 0, y = 0 } = shape;
      const place = x === 0 && y === 0 ? '' : ` transform="translate(${px(x)} ${px(y)})"`;
      return `<path d="${shape.path}"${place} fill="${colour}"/>`;
    }
  }
}

/** XML 1.0 has no place at all for control characters, not even escaped; names of a server may hold them. */
function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  const escaped = (letter: string) =>
    isForbidden(letter.codePointAt(0) ?? 0) ? '\ufffd' : (entities[letter] ?? letter);
  return Array.from(text, escaped).join('');
}

function isForbidden(code: number): boolean {
  const isControl = code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d;
  return isControl || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff;
}

/**
 * What a browser says a colour is, as #rrggbb: programs that draw SVG know no color() and no alpha in it.
 * Takes "rgb(31, 31, 31)", "rgba(…)" and "color(srgb 0.1 0.2 0.3 / 0.5)"; see-through ones are laid on `ground`.
 */
export function hexColour(computed: string, ground: readonly number[] = [255, 255, 255]): string {
  return `#${channelsOf(computed, ground)
    .map((channel) => channel.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** Red, green and blue, 0 to 255. */
export function channelsOf(computed: string, ground: readonly number[]): readonly number[] {
  const numbers = (computed.replace(/^[a-z]+\((srgb)?/, '').match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
  const inShares = computed.startsWith('color(');
  const alpha = numbers[3] ?? 1;
  return [0, 1, 2].map((index) => {
    const channel = (numbers[index] ?? 0) * (inShares ? 255 : 1);
    const mixed = channel * alpha + (ground[index] ?? 255) * (1 - alpha);
    return Math.round(Math.min(255, Math.max(0, mixed)));
  });
}
