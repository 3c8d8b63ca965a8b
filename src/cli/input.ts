/** What a command reads: a file, a line in one, or standard input. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { userErrors } from '../core/errors.ts';
import { systemReason } from '../core/systemReason.ts';

export interface InputText {
  readonly text: string;
  /** The file's name without its folder; absent for standard input. */
  readonly name?: string;
  /** 1-based: of FILE:LINE. */
  readonly line?: number;
}

/** @throws UserError when there is nothing to read. */
export async function readInput(argument: string | undefined): Promise<InputText> {
  if (argument !== undefined && argument !== '-') return readNamed(argument);
  refuseTerminal(argument);
  return { text: decode(await readStandardInput()) };
}

/** Nobody types a plan. @throws UserError */
export function refuseTerminal(argument: string | undefined): void {
  if (argument === undefined && process.stdin.isTTY) {
    throw userErrors.badUsage('There is nothing to read.', 'Name a file, or - for standard input.');
  }
}

/** FILE:LINE, unless a file is really called that. */
async function readNamed(argument: string): Promise<InputText> {
  const [, file, line] = /^(.+):(\d+)$/s.exec(argument) ?? [];
  if (file === undefined || line === undefined || existsSync(argument)) return readOne(argument);
  return { ...(await readOne(file)), line: Number(line) };
}

async function readOne(file: string): Promise<InputText> {
  try {
    return { text: decode(await readFile(file)), name: path.basename(file) };
  } catch (error) {
    throw userErrors.cannotRead(file, systemReason(error), error);
  }
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

/** UTF-8, or UTF-16 with its mark, which is what redirecting in Windows PowerShell writes. */
export function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}
