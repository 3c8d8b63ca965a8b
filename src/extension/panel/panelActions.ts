/** What the panel's buttons lead to. */
import type { Connections } from '../connections.ts';
import { revealSource } from '../documents.ts';
import type { ReportError } from '../errorReporter.ts';
import type { Profiled, ProfileTarget } from '../profileTarget.ts';
import type { CompareReports } from '../history/compareRuns.ts';
import type { History } from '../history/history.ts';
import type { ProfileReport } from '../../shared/report.ts';
import type { ServerOpener } from '../serverOpener.ts';
import type { PlanReader } from '../plans/planReader.ts';
import { exportReport } from './exportReport.ts';
import type { PlanDocuments } from './planDocuments.ts';
import type { PanelActions } from './profilePanel.ts';
import { answerPanel } from './suggestionActions.ts';

/** Tells every outcome itself. */
export type Profile = (target: ProfileTarget) => Promise<void>;

export interface PanelActionPorts {
  readonly connections: Connections;
  readonly opener: ServerOpener;
  readonly plans: PlanDocuments;
  readonly history: History;
  readonly compare: CompareReports;
  readonly reader: PlanReader;
  readonly profile: Profile;
  readonly choosePlan: (profiled: Profiled) => Promise<void>;
  readonly reportError: ReportError;
}

export function createPanelActions(ports: PanelActionPorts): PanelActions {
  const { connections, opener, plans, history, compare, reader, profile, choosePlan, reportError } = ports;
  const told = (work: Promise<void>) => {
    work.catch((error: unknown) => reportError(error));
  };
  // Both as they were kept: a value that only one of them still has would look like a change.
  const comparePair = async (report: ProfileReport) => {
    const [before, run] = (await history.pairOf(report)) ?? [];
    if (before && run) await compare(await history.read(before), await history.read(run));
  };
  const profileAgain = ({ target }: Profiled) => told(profile(target));
  return {
    profileAgain,
    revealSource: ({ target }) => {
      if (target.source) told(revealSource(target.source));
    },
    openRawPlan: ({ report }) => {
      if (report.rawPlan !== undefined) told(plans.open(report.rawPlan));
    },
    exportReport: ({ report, target }) => told(exportReport(reader, report, target.title ?? 'query-profile')),
    choosePlan: (profiled) => told(choosePlan(profiled)),
    compareWithPrevious: ({ report }) => told(comparePair(report)),
    answer: (request, profiled) => answerPanel({ connections, opener, profileAgain }, request, profiled),
  };
}
