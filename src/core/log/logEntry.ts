/** One plan of auto_explain, as a log holds it. */
import type { Plan } from '../../shared/report.ts';
import { queryHeader } from './queryHeader.ts';

/** Where an entry came from, as far as the log says. */
export interface LogOrigin {
  /** As the log prints it, with its zone. */
  readonly timestamp?: string;
  readonly pid?: number;
  readonly user?: string;
  readonly database?: string;
}

export interface LogEntry extends LogOrigin {
  /** 1-based line of the log where the entry starts. */
  readonly line: number;
  /** Where the entry stands in what was pushed, in UTF-16 units: bytes, when the pieces were decoded as latin1. */
  readonly start: number;
  readonly end: number;
  readonly durationMs: number;
  readonly format: Plan['format'];
  readonly queryText?: string;
  /** `$1 = '7', $2 = NULL`, as the log prints them. */
  readonly parameters?: string;
  /** What readPlans takes: no prefix, no tabs, no escapes of the log. */
  readonly planText: string;
}

/** A message of auto_explain with its place, before anything in it is read. */
export interface LogMessage {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly durationMs: number;
  readonly origin: LogOrigin;
  /** What follows the line with the duration. */
  readonly body: string;
}

/**
 * auto_explain's message, at the end of a stderr line or as a whole message: "duration: 28.098 ms  plan:".
 * Contrib modules have no translations, so it reads so in every language.
 */
const heading = /(?:^|[^\w])duration: (\d+(?:\.\d+)?) ms {1,2}plan:\s*$/;
/** In every heading, and in little else: looked for before the expression above is tried. */
export const headingMark = 'plan:';

/** Milliseconds, when the line announces a plan. */
export function durationOf(line: string): number | undefined {
  const [, ms] = (line.includes(headingMark) && heading.exec(line)) || [];
  return ms === undefined ? undefined : Number(ms);
}

/** A message of csvlog or jsonlog: heading and body in one. */
export function splitMessage(message: string): { durationMs: number; body: string } | undefined {
  const newline = message.indexOf('\n');
  const durationMs = newline < 0 ? undefined : durationOf(message.slice(0, newline));
  return durationMs === undefined ? undefined : { durationMs, body: message.slice(newline + 1) };
}

export function toEntry({ origin, body, ...place }: LogMessage): LogEntry {
  const format = formatOf(body);
  return { ...place, ...origin, format, ...queryHeader(body, format), planText: body };
}

function formatOf(body: string): LogEntry['format'] {
  if (body.startsWith('{')) return 'json';
  if (body.startsWith('<')) return 'xml';
  return /^Plan: ?\r?$/m.test(body) ? 'yaml' : 'text';
}
