/** Profiles that were made in this workspace, kept in VS Code's storage for it: the newest, up to a size. */
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { userErrors } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { maskReport } from '../../core/report/maskReport.ts';
import { reportFault } from '../../core/report/reportShape.ts';
import type { ProfileReport } from '../../shared/report.ts';
import { readSetting } from '../config.ts';
import { loadSqlTools } from '../sqlTools.ts';
import { factsOfRun, type Run, runsBeyond } from './runs.ts';

const bytesPerMegabyte = 1024 * 1024;
/** Long enough to tell statements apart; the tree cuts it to its width. */
const titleLength = 120;

export class History {
  readonly #folder: vscode.Uri;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Read from the folder once; one writer at a time. */
  #runs: Promise<readonly Run[]> | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  /** `storage`: of the workspace, or of all where no folder is open. */
  constructor(storage: vscode.Uri, log: Log) {
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
      const { parser, title } = await loadSqlTools();
      const kept = readSetting('history.keepLiterals') ? report : maskReport(parser, report);
      const text = new TextEncoder().encode(JSON.stringify(kept));
      const at = report.profiledAt ?? new Date().toISOString();
      const run: Run = {
        file: `${at.replaceAll(/[^\dTZ]/g, '')}-${hashOf(report.sql).slice(0, 8)}.json`,
        at,
        title: title(kept.sql ?? '(a statement that cannot be read)', titleLength),
        statement: statementOf(parser.fingerprint, report.sql),
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

function statementOf(fingerprint: (sql: string) => string, sql: string): string {
  try {
    return fingerprint(sql);
  } catch {
    return hashOf(sql);
  }
}

function hashOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}
