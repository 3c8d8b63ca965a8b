/** Profiles that were made in this workspace, kept in VS Code's storage for it: the newest, up to a size. */
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { createCancel } from '../../core/cancel.ts';
import { userErrors } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { reportFault } from '../../core/report/reportShape.ts';
import type { ProfileReport } from '../../shared/report.ts';
import { readSetting } from '../config.ts';
import type { PlanReader } from '../plans/planReader.ts';
import { factsOfRun, previousRun, type Run, runOf, runsBeyond } from './runs.ts';

const bytesPerMegabyte = 1024 * 1024;

export class History {
  readonly #folder: vscode.Uri;
  readonly #reader: PlanReader;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Read from the folder once; one writer at a time. */
  #runs: Promise<readonly Run[]> | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  /** `storage`: of the workspace, or of all where no folder is open. */
  constructor(storage: vscode.Uri, reader: PlanReader, log: Log) {
    this.#reader = reader;
    this.#folder = vscode.Uri.joinPath(storage, 'history');
    this.#log = log;
  }

  get onDidChange(): vscode.Event<void> {
    return this.#changed.event;
  }

  runs(): Promise<readonly Run[]> {
    this.#runs ??= this.#readIndex();
    return this.#runs;
  }

  /** Keeps the report; nothing of a user's work depends on it, so a failure is only logged. */
  async keep(report: ProfileReport): Promise<void> {
    const mostBytes = readSetting('history.maxMegabytes') * bytesPerMegabyte;
    if (mostBytes <= 0 || report.sql === undefined) return;
    try {
      const literals = readSetting('history.keepLiterals');
      const kept = await this.#reader.read(
        { kind: 'keep', report, literals, name: 'the run' },
        createCancel(),
        () => undefined,
      );
      if (kept.kind !== 'kept') return;
      const text = new TextEncoder().encode(kept.text);
      const at = report.profiledAt ?? new Date().toISOString();
      const run: Run = {
        // Two runs of one millisecond have different statements.
        file: `${at.replaceAll(/[^\dTZ]/g, '')}-${hashOf(kept.statement)}.json`,
        at,
        title: kept.title,
        statement: kept.statement,
        bytes: text.length,
        ...factsOfRun(report),
      };
      await this.#write(async (runs) => {
        await vscode.workspace.fs.writeFile(this.#uriOf(run), text);
        return [...runs.filter(({ file }) => file !== run.file), run];
      }, mostBytes);
    } catch (error) {
      this.#log('warn', 'a run was not kept', { error: String(error) });
    }
  }

  /** The kept run of this report, and the one before it of the same statement. */
  async pairOf({ profiledAt }: ProfileReport): Promise<readonly [before: Run, run: Run] | undefined> {
    const runs = await this.runs();
    const run = profiledAt === undefined ? undefined : runOf(runs, profiledAt);
    const before = run && previousRun(runs, run);
    return before && [before, run];
  }

  /** @throws UserError when its file is gone or damaged */
  async read(run: Run): Promise<ProfileReport> {
    try {
      const bytes = await vscode.workspace.fs.readFile(this.#uriOf(run));
      const report: unknown = JSON.parse(new TextDecoder().decode(bytes));
      if (reportFault(report) === undefined) return report as ProfileReport;
    } catch {
      // Said below: whatever is wrong with the file, the run cannot be shown.
    }
    throw userErrors.runGone();
  }

  /** The report that was made at that time; undefined when it was not kept, was thrown out since, or is damaged. */
  async recall(profiledAt: string): Promise<ProfileReport | undefined> {
    const run = runOf(await this.runs(), profiledAt);
    return run && this.read(run).catch(() => undefined);
  }

  async remove(removed: readonly Run[]): Promise<void> {
    const files = new Set(removed.map(({ file }) => file));
    await this.#write(async (runs) => {
      await this.#delete(removed);
      return runs.filter(({ file }) => !files.has(file));
    });
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #write(
    change: (runs: readonly Run[]) => Promise<readonly Run[]>,
    mostBytes = Infinity,
  ): Promise<void> {
    const written = this.#writing.then(async () => {
      const changed = await change(await this.runs());
      const beyond = runsBeyond(changed, mostBytes);
      await this.#delete(beyond);
      const runs = changed.filter((run) => !beyond.includes(run));
      await vscode.workspace.fs.writeFile(this.#index, new TextEncoder().encode(JSON.stringify(runs)));
      this.#runs = Promise.resolve(runs);
      this.#changed.fire();
    });
    this.#writing = written.catch(() => undefined);
    await written;
  }

  async #readIndex(): Promise<readonly Run[]> {
    try {
      const runs: unknown = JSON.parse(
        new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#index)),
      );
      return Array.isArray(runs) ? (runs as readonly Run[]) : [];
    } catch {
      // Nothing was kept yet.
      return [];
    }
  }

  async #delete(runs: readonly Run[]): Promise<void> {
    // One that is gone already is no failure.
    await Promise.allSettled(runs.map((run) => vscode.workspace.fs.delete(this.#uriOf(run))));
  }

  get #index(): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, 'runs.json');
  }

  #uriOf({ file }: Run): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, file);
  }
}

/** Short, and fit for a file name. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
