/** What the panel's buttons lead to. */
import type { Connections } from '../connections.ts';
import { revealSource } from '../documents.ts';
import type { ReportError } from '../errorReporter.ts';
import type { Profiled, ProfileTarget } from '../profileTarget.ts';
import type { ServerOpener } from '../serverOpener.ts';
import type { PlanDocuments } from './planDocuments.ts';
import type { PanelActions } from './profilePanel.ts';
import { answerPanel } from './suggestionActions.ts';

/** Tells every outcome itself. */
export type Profile = (target: ProfileTarget) => Promise<void>;

export interface PanelActionPorts {
  readonly connections: Connections;
  readonly opener: ServerOpener;
  readonly plans: PlanDocuments;
  readonly profile: Profile;
  readonly choosePlan: (profiled: Profiled) => Promise<void>;
  readonly reportError: ReportError;
}

export function createPanelActions(ports: PanelActionPorts): PanelActions {
  const { connections, opener, plans, profile, choosePlan, reportError } = ports;
  const told = (work: Promise<void>) => {
    work.catch((error: unknown) => reportError(error));
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
    choosePlan: (profiled) => told(choosePlan(profiled)),
    answer: (request, profiled) => answerPanel({ connections, opener, profileAgain }, request, profiled),
  };
}
