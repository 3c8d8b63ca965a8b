/** Where the reports of open panels came from, kept in this workspace: a panel that is brought back works as before. */
import type { Memento } from 'vscode';
import type { ProfileReport } from '../../shared/report.ts';
import { type Profiled, type ProfileTarget, targetOfReport } from '../profileTarget.ts';

const stateKey = 'panelTargets';

/** More panels than anybody keeps open. */
const rememberedTargets = 30;

interface Remembered {
  readonly profiledAt: string;
  readonly target: ProfileTarget;
}

type State = Pick<Memento, 'update'> & { get<T>(key: string, fallback: T): T };

export class TargetMemory {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  async remember({ report, target }: Profiled): Promise<void> {
    if (report.profiledAt === undefined) return;
    const latest: Remembered = { profiledAt: report.profiledAt, target };
    await this.#state.update(stateKey, [latest, ...this.#list()].slice(0, rememberedTargets));
  }

  /** What was profiled at that millisecond; the statement alone when it was forgotten. */
  recall(report: ProfileReport): ProfileTarget | undefined {
    const known = this.#list().find(({ profiledAt }) => profiledAt === report.profiledAt)?.target;
    if (known) return known;
    return report.sql === undefined ? undefined : targetOfReport(report);
  }

  #list(): readonly Remembered[] {
    return this.#state.get<readonly Remembered[]>(stateKey, []);
  }
}
