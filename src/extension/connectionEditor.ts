/** Adding and editing a connection: the questions, the test, the keeping. */
import * as vscode from 'vscode';
import { UserError, userErrors } from '../core/errors.ts';
import { cancelWith } from './cancellation.ts';
import type { ConnectionDraft } from './connectionDraft.ts';
import { profileOf } from './connectionDraft.ts';
import type { Connection } from './connectionProfile.ts';
import { profileDefaults } from './connectionProfile.ts';
import { connectionSteps } from './connectionQuestions.ts';
import { connectionSummary } from './connectionSummary.ts';
import type { Connections } from './connections.ts';
import { viewIds } from './contributions.ts';
import { runSteps } from './multiStep.ts';
import type { Passwords } from './passwords.ts';
import { plainMessage } from './plainMessage.ts';
import type { ServerOpener } from './serverOpener.ts';

export class ConnectionEditor {
  readonly #connections: Connections;
  readonly #passwords: Passwords;
  readonly #opener: ServerOpener;

  constructor(ports: {
    readonly connections: Connections;
    readonly passwords: Passwords;
    readonly opener: ServerOpener;
  }) {
    this.#connections = ports.connections;
    this.#passwords = ports.passwords;
    this.#opener = ports.opener;
  }

  async run(title: string, initial: ConnectionDraft): Promise<void> {
    const { connectOptionsFromUrl } = await import('../pg/connectOptions.ts');
    const steps = connectionSteps(title, (url) => connectOptionsFromUrl(url, profileDefaults));
    let draft = await runSteps(steps, initial);
    while (draft) {
      const outcome = await this.#test(draft);
      if (outcome.ok) {
        await this.#save(draft);
        void tell(outcome.summary);
        return;
      }
      const edit = 'Edit';
      const saveAnyway = 'Save Anyway';
      const answer = await vscode.window.showErrorMessage(plainMessage(outcome.sentence), edit, saveAnyway);
      if (answer === saveAnyway) {
        if (draft.password !== '') await this.#passwords.set(draft.id, draft.password);
        await this.#save(draft);
      }
      if (answer !== edit) return;
      draft = await runSteps(steps, { ...draft, answered: new Set<never>() });
    }
  }

  async #test(
    draft: ConnectionDraft,
  ): Promise<
    { readonly ok: true; readonly summary: string } | { readonly ok: false; readonly sentence: string }
  > {
    const connection: Connection = { ...profileOf(draft), origin: 'settings' };
    try {
      const summary = await vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: plainMessage(`Testing ${connection.name}`),
          cancellable: true,
        },
        (progress, token) => {
          const cancel = cancelWith(token);
          const request = {
            interactive: true,
            cancel,
            onProgress: (message: string) => progress.report({ message: plainMessage(message) }),
            ...(draft.password !== '' && { password: draft.password }),
          };
          return this.#opener.use(connection, request, async (server) =>
            connectionSummary(server.info, await server.statements('total', 1, cancel)),
          );
        },
      );
      return { ok: true, summary };
    } catch (error) {
      return {
        ok: false,
        sentence: (error instanceof UserError ? error : userErrors.unexpected(error)).sentence,
      };
    }
  }

  async #save(draft: ConnectionDraft): Promise<void> {
    await this.#connections.save(profileOf(draft));
    await this.#connections.select(draft.id);
  }
}

/** With a button, for VS Code folds a notification without one into a single line. */
async function tell(summary: string): Promise<void> {
  const show = 'Show Slow Queries';
  const chosen = await vscode.window.showInformationMessage(plainMessage(summary), show);
  if (chosen === show) await vscode.commands.executeCommand(`${viewIds.slowQueries}.focus`);
}
