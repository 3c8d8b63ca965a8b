/** A picture on a canvas: PNG without an image of the SVG in between, which the panel's policy would have to allow. */
import { dashesPx, textSizesPx, type Shape, type TextStyle } from './drawing.ts';
import { captionShapes, picturePx, pictureSizePx, type Palette, type Picture } from './svgText.ts';

/** Sharp on the screens that people have. */
const usualScale = 2;
/** Chromium draws no larger side than this, and gives up on larger areas: 64 million pixels are 256 MB. */
const mostSidePx = 16_384;
const mostAreaPx = 64_000_000;

/** The PNG as base64; large plans are drawn smaller, down to what a browser can. */
export async function pngBase64(picture: Picture, palette: Palette): Promise<string> {
  const { width, height, drawingY } = pictureSizePx(picture);
  const scale = Math.min(
    usualScale,
    mostSidePx / Math.max(width, height),
    Math.sqrt(mostAreaPx / (width * height)),
  );
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.floor(width * scale));
  canvas.height = Math.max(1, Math.floor(height * scale));
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The browser gave no canvas to draw on. Save as SVG instead.');
  context.scale(scale, scale);
  context.fillStyle = palette.colourOf('ground');
  context.fillRect(0, 0, width, height);
  for (const shape of captionShapes(picture)) draw(context, shape, palette);
  context.translate(picturePx.margin, drawingY);
  const { under, marks } = picture.drawing;
  for (const shape of [...under, ...marks.flatMap(({ shapes }) => shapes)]) draw(context, shape, palette);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The picture is too large for a PNG. Save as SVG instead.');
  return base64Of(blob);
}

/** The font of a style, as canvas wants it. */
export function canvasFont(style: TextStyle, fontFamily: string): string {
  return `${style === 'bold' ? 600 : 400} ${textSizesPx[style]}px ${fontFamily}`;
}

function draw(context: CanvasRenderingContext2D, shape: Shape, { colourOf, fontFamily }: Palette): void {
  const colour = colourOf(shape.paint);
  context.fillStyle = colour;
  switch (shape.kind) {
    case 'rect':
      context.fillRect(shape.x, shape.y, shape.width, shape.height);
      break;
    case 'text':
      context.font = canvasFont(shape.style, fontFamily);
      context.textAlign = shape.toLeft === true ? 'right' : 'left';
      context.fillText(shape.text, shape.x, shape.y);
      break;
    case 'line':
      context.strokeStyle = colour;
      context.lineWidth = shape.widthPx;
      context.setLineDash(shape.dashed === true ? [...dashesPx] : []);
      context.stroke(pathOf(shape.path));
      break;
    case 'area': {
      const { x = 0, y = 0 } = shape;
      context.translate(x, y);
      context.fill(pathOf(shape.path));
      context.translate(-x, -y);
      break;
    }
  }
}

function pathOf(text: string): Path2D {
  return new Path2D(text);
}

/** Piece by piece: a call takes only so many arguments. */
async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    pieces.push(String.fromCodePoint(...bytes.subarray(at, at + pieceBytes)));
  }
  return btoa(pieces.join(''));
}

const pieceBytes = 8192;
