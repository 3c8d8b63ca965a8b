/** What a suggestion was measured to change, as rows of "now" and "with it". Pure. */
import { formatBytes, formatCost, formatCount, formatMs, formatSpeedup } from '../src/shared/format.ts';
import type { Suggestion, Verification } from '../src/shared/report.ts';

export interface EvidenceRow {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly ratio: string;
  readonly better: boolean;
  readonly title: string;
}

export function evidenceRows(verification: Verification): readonly EvidenceRow[] {
  const { costBefore, costAfter, msBefore, msAfter, buffersBefore, buffersAfter } = verification;
  const rows: EvidenceRow[] = [];
  const add = (
    name: string,
    before: number | undefined,
    after: number | undefined,
    show: (value: number) => string,
    ratio: (before: number, after: number) => string,
  ) => {
    if (before === undefined || after === undefined) return;
    rows.push({
      name,
      before: show(before),
      after: show(after),
      ratio: ratio(before, after),
      better: after < before,
      title: `${name}: ${before} now, ${after} with it`,
    });
  };
  add('Measured warm', msBefore, msAfter, formatMs, formatSpeedup);
  add('Planner cost', costBefore, costAfter, formatCost, timesLess);
  add('Buffers', buffersBefore, buffersAfter, formatCount, timesLess);
  return rows;
}

/** Who says so, in one sentence; "not verified" is said out loud, with its reason. */
export function verifiedBy({ verification }: Suggestion): string {
  const { by, why, plannerVersion, calibrated } = verification;
  const limits = why === undefined ? '' : ` ${sentence(why)}`;
  switch (by) {
    case 'trial':
      return `Verified by a trial: built in a transaction, measured, rolled back.${limits}`;
    case 'hypopg':
      return `Verified by HypoPG: the server’s own planner would use it; it was not measured.${limits}`;
    case 'shadow': {
      const version =
        plannerVersion === undefined
          ? ''
          : ` (PostgreSQL ${plannerVersion}${calibrated === true ? ', calibrated' : ''})`;
      return `Verified by the shadow planner${version}; it was not measured.${limits}`;
    }
    case 'none':
      return `Not verified: ${why === undefined ? 'no planner was asked.' : sentence(why, false)}`;
  }
}

/** Size, write cost and overlap: what it would cost. */
export function priceOf({ sizeBytes, writeCost, overlaps }: Suggestion): string {
  return [
    sizeBytes === undefined ? undefined : `Size ≈ ${formatBytes(sizeBytes)}.`,
    writeCost === undefined ? undefined : sentence(writeCost),
    overlaps === undefined
      ? undefined
      : overlaps.length === 0
        ? 'Does not overlap an existing index.'
        : `Overlaps ${overlaps.join(', ')}.`,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

/** "÷ 415", "× 1.4", "same". */
function timesLess(before: number, after: number): string {
  if (before === after) return 'same';
  if (after <= 0 || before <= 0) return after < before ? 'none left' : 'more';
  const ratio = before > after ? before / after : after / before;
  const shown = ratio >= 10 ? formatCount(ratio) : ratio.toFixed(1);
  return `${before > after ? '÷' : '×'} ${shown}`;
}

function sentence(text: string, capital = true): string {
  const first = capital ? text.charAt(0).toUpperCase() : text.charAt(0);
  const whole = first + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
