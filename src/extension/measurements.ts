/** What statements took in this session, by their exact text: an edited statement has no measurement. */
import type { Event } from 'vscode';
import { EventEmitter } from 'vscode';

export class Measurements {
  readonly #executionMsByText = new Map<string, number>();
  readonly #changed = new EventEmitter<void>();

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  executionMsOf(statement: string): number | undefined {
    return this.#executionMsByText.get(statement);
  }

  record(statement: string, executionMs: number): void {
    this.#executionMsByText.set(statement, executionMs);
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
