/** Where results go: standard output or a file; everything else goes to standard error. */
import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { userErrors } from '../core/errors.ts';
import type { TextOptions } from '../core/report/renderText.ts';
import type { ColorChoice } from './commandTable.ts';
import { systemReason } from '../core/systemReason.ts';

/** Asked before a statement runs for half a minute, so that its report has somewhere to go. @throws UserError */
export async function checkOutput(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  try {
    await access(path.dirname(path.resolve(file)), constants.W_OK);
  } catch (error) {
    throw userErrors.cannotWrite(file, systemReason(error), error);
  }
}

/** @throws UserError */
export async function writeOutput(text: string, file: string | undefined): Promise<void> {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    await writeFile(file, text);
  } catch (error) {
    throw userErrors.cannotWrite(file, systemReason(error), error);
  }
}

/** A reader that stops early (`| head`) is no error. */
export function tolerateClosedOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** Wide enough for most plans; terminals and COLUMNS say otherwise. */
const defaultWidth = 100;

/** Files and pipes get no colour unless it is asked for; https://no-color.org. */
export function textOptions(color: ColorChoice, toFile: boolean): TextOptions {
  const terminal = process.stdout.isTTY && !toFile;
  const { COLUMNS, NO_COLOR = '', TERM } = process.env;
  const columns = Number(COLUMNS);
  return {
    color: color === 'always' || (color === 'auto' && terminal && NO_COLOR === '' && TERM !== 'dumb'),
    width:
      Number.isInteger(columns) && columns > 0 ? columns : terminal ? process.stdout.columns : defaultWidth,
  };
}
