/** Opens what is a plan already: a file, a document, the clipboard. Several plans are a list to choose from. */
import * as vscode from 'vscode';
import { userErrors } from '../../core/errors.ts';
import type { ProfileReport } from '../../shared/report.ts';
import { cancelWith } from '../cancellation.ts';
import { readSetting } from '../config.ts';
import { type Profiled, targetOfReport } from '../profileTarget.ts';
import { itemsOfRanking, itemsOfReports, type PlanListItem, rankingTitle } from './planList.ts';
import type { PlanJob } from './planJob.ts';
import type { PlanReader } from './planReader.ts';

/** Where plans are: a file or document, or a text from nowhere. */
export type PlanPlace =
  { readonly uri: vscode.Uri; readonly text?: string } | { readonly name: string; readonly text: string };

/** The plans of one place, read as far as they are needed. */
export interface OpenedPlans {
  readonly name: string;
  readonly title: string;
  readonly items: readonly PlanListItem[];
  read(index: number): Promise<ProfileReport>;
}

export class PlanOpener {
  readonly #reader: PlanReader;

  constructor(reader: PlanReader) {
    this.#reader = reader;
  }

  /** @throws UserError */
  async open(place: PlanPlace): Promise<OpenedPlans> {
    const name = 'uri' in place ? nameOf(place.uri) : place.name;
    const options = { name, slaMs: readSetting('slaMs') };
    const job = await jobOf(place, options);
    const result = await this.#run(job);
    if (result.kind === 'ranking') {
      const { ranking } = result;
      if (job.kind !== 'file') throw userErrors.unexpected(new Error('a ranking of no file'));
      return {
        name,
        title: `${name}: ${rankingTitle(ranking)}`,
        items: itemsOfRanking(ranking),
        read: async (index) => {
          const entry = ranking.entries[index];
          if (!entry) throw userErrors.reportGone();
          const read = await this.#run({ kind: 'entry', file: job.file, entry, ...options });
          const report = read.kind === 'reports' ? read.reports[0] : undefined;
          if (!report) throw userErrors.reportGone();
          return report;
        },
      };
    }
    if (result.kind !== 'reports') throw userErrors.reportGone();
    const { reports } = result;
    return {
      name,
      title: `${name}: ${reports.length} plans`,
      items: itemsOfReports(reports),
      read: (index) => {
        const report = reports[index];
        return report ? Promise.resolve(report) : Promise.reject(userErrors.reportGone());
      },
    };
  }

  #run(job: PlanJob) {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Reading ${job.name}`,
      cancellable: true,
    };
    return vscode.window.withProgress(options, (progress, token) => {
      let told = 0;
      return this.#reader.read(job, cancelWith(token), (share) => {
        const percent = Math.floor(share * 100);
        progress.report({ increment: percent - told, message: `${percent} %` });
        told = percent;
      });
    });
  }
}

/** Lets the user choose; undefined when they leave. A single plan is no question. */
export async function choosePlan(plans: OpenedPlans): Promise<number | undefined> {
  if (plans.items.length === 1) return 0;
  const chosen = await vscode.window.showQuickPick(plans.items, {
    title: plans.title,
    placeHolder: 'Choose a plan; type to search',
    matchOnDescription: true,
  });
  return chosen?.index;
}

/** The report as the panel shows it. */
export async function planAt(
  plans: OpenedPlans,
  index: number,
  uri: vscode.Uri | undefined,
): Promise<Profiled> {
  const report = await plans.read(index);
  return {
    report,
    target: {
      ...targetOfReport(report),
      title: plans.items.length === 1 ? plans.name : `${plans.name} (${index + 1})`,
      ...(uri && {
        source: { uri: uri.toString(), name: plans.name, line: report.source?.line ?? 1, holds: 'plan' },
      }),
    },
    among: { place: index + 1, count: plans.items.length },
  };
}

async function jobOf(
  place: PlanPlace,
  options: { readonly name: string; readonly slaMs: number },
): Promise<PlanJob> {
  if ('text' in place && place.text !== undefined) return { kind: 'text', text: place.text, ...options };
  if (!('uri' in place)) throw userErrors.emptyInput();
  const { uri } = place;
  if (uri.scheme === 'file') return { kind: 'file', file: uri.fsPath, ...options };
  const bytes = await vscode.workspace.fs.readFile(uri);
  return { kind: 'text', text: new TextDecoder().decode(bytes), ...options };
}

function nameOf({ path }: vscode.Uri): string {
  return path.split('/').at(-1) ?? path;
}
