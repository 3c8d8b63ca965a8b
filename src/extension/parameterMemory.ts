/** The values last given to a statement's placeholders, kept in this workspace, by the statement's fingerprint. */
import type { Memento } from 'vscode';

export type ParameterAnswers = Readonly<Record<string, string | null>>;

const stateKey = 'parameterValues';

/** Statements remembered: a working set, not an archive of what may be personal data. */
const rememberedStatements = 50;

interface Remembered {
  readonly fingerprint: string;
  readonly values: ParameterAnswers;
}

export class ParameterMemory {
  readonly #state: Pick<Memento, 'update'> & { get<T>(key: string, fallback: T): T };

  constructor(state: Pick<Memento, 'update'> & { get<T>(key: string, fallback: T): T }) {
    this.#state = state;
  }

  recall(fingerprint: string): ParameterAnswers | undefined {
    return this.#list().find((entry) => entry.fingerprint === fingerprint)?.values;
  }

  async remember(fingerprint: string, values: ParameterAnswers): Promise<void> {
    const others = this.#list().filter((entry) => entry.fingerprint !== fingerprint);
    await this.#state.update(stateKey, [{ fingerprint, values }, ...others].slice(0, rememberedStatements));
  }

  #list(): readonly Remembered[] {
    return this.#state.get<readonly Remembered[]>(stateKey, []);
  }
}
