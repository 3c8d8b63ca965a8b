/** The sample database of this window: opened once, on first use, and let go at the end. */
import { access } from 'node:fs/promises';
import type { Event } from 'vscode';
import { EventEmitter } from 'vscode';
import type { Log } from '../core/log.ts';
import type { ConnectOptions } from '../core/ports.ts';
import type { SampleDatabase } from '../embedded/sampleDatabase.ts';

export type SampleState = 'absent' | 'prepared' | 'opening' | 'open';

export class SampleHolder {
  readonly #directory: string;
  readonly #serverScript: string;
  readonly #log: Log;
  readonly #changed = new EventEmitter<void>();
  #opening: Promise<SampleDatabase> | undefined;
  #database: SampleDatabase | undefined;

  constructor(place: { readonly directory: string; readonly serverScript: string; readonly log: Log }) {
    this.#directory = place.directory;
    this.#serverScript = place.serverScript;
    this.#log = place.log;
  }

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  async state(): Promise<SampleState> {
    if (this.#database?.isOpen) return 'open';
    if (this.#opening && !this.#database) return 'opening';
    const onDisk = await access(this.#directory).then(
      () => true,
      () => false,
    );
    return onDisk ? 'prepared' : 'absent';
  }

  /** How to connect to it, once it runs; every caller waits for the same start. @throws UserError */
  async open(onProgress: (message: string) => void): Promise<ConnectOptions> {
    // Its process may have ended, or been stopped by another window's "Remove Sample Data".
    if (this.#database?.isOpen === false) await this.release();
    if (!this.#opening) {
      this.#opening = this.#start(onProgress);
      this.#changed.fire();
    }
    const database = await this.#opening;
    return database.options;
  }

  async #start(onProgress: (message: string) => void): Promise<SampleDatabase> {
    try {
      const { openSampleDatabase } = await import('../embedded/sampleDatabase.ts');
      this.#database = await openSampleDatabase({
        directory: this.#directory,
        serverScript: this.#serverScript,
        log: this.#log,
        onProgress,
      });
      return this.#database;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    } finally {
      this.#changed.fire();
    }
  }

  /** Frees the disk; the next opening prepares it anew. */
  async remove(): Promise<{ readonly freedBytes: number }> {
    await this.release();
    const { removeSampleData } = await import('../embedded/sampleDatabase.ts');
    const freed = await removeSampleData(this.#directory);
    this.#changed.fire();
    return freed;
  }

  /** Lets the database go; the last window out stops it. */
  async release(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    this.#database = undefined;
    // A start that failed has nothing to release, and was reported where it was asked for.
    const database = await opening?.catch(() => undefined);
    await database?.release();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
