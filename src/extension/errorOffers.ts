/** Which commands stand beside an error's sentence. Always one: VS Code folds a message without a button to one line. */
import type { CommandName } from './contributions.ts';

export interface ErrorOffer {
  readonly label: string;
  readonly command: CommandName;
}

const setPassword: ErrorOffer = { label: 'Set Password', command: 'setPassword' };
const editConnection: ErrorOffer = { label: 'Edit Connection', command: 'editConnection' };
const showLog: ErrorOffer = { label: 'Show Log', command: 'showLog' };
const openSample: ErrorOffer = { label: 'Open Sample Database', command: 'openSampleDatabase' };
const addConnection: ErrorOffer = { label: 'Add Connection', command: 'addConnection' };
const removeSample: ErrorOffer = { label: 'Remove Sample Data', command: 'removeSampleData' };

const offersByCode: Readonly<Record<string, readonly ErrorOffer[]>> = {
  noConnectionSelected: [openSample, addConnection],
  wrongPassword: [setPassword],
  passwordMissing: [setPassword],
  unreachable: [editConnection, openSample],
  noSuchDatabase: [editConnection],
  tlsRefused: [editConnection],
  connectionRefused: [editConnection, showLog],
  sampleFailed: [removeSample, showLog],
  unexpected: [showLog],
};

export function offersFor(code: string): readonly ErrorOffer[] {
  return Object.hasOwn(offersByCode, code) ? (offersByCode[code] ?? []) : [showLog];
}
