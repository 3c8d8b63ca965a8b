/** Which of the panel's buttons work for what it shows. */
import type { PanelAbilities } from '../../shared/protocol.ts';
import type { Connection } from '../connectionProfile.ts';
import { applyRefusal } from '../connectionProfile.ts';
import type { Profiled } from '../profileTarget.ts';

/** `connection` is the one that was profiled on, if it still exists. */
export function panelAbilities(
  { target, report, among }: Profiled,
  connection: Connection | undefined,
): PanelAbilities {
  const refusal = applyRefusal(connection);
  return {
    profileAgain: connection !== undefined,
    revealSource: target.source !== undefined,
    copy: true,
    export: true,
    insert: target.source?.holds !== 'plan',
    apply: refusal === undefined,
    ...(refusal !== undefined && { applyRefusal: refusal }),
    openRawPlan: report.rawPlan !== undefined,
    ...(among !== undefined && among.count > 1 && { among }),
    saveImage: true,
  };
}
