/** What the panel's suggestion buttons do: copy, insert into the source, apply on a development database. */
import * as vscode from 'vscode';
import { userErrors } from '../../core/errors.ts';
import { visibleBlock } from '../../core/report/visibleText.ts';
import type { PanelReply, PanelRequest } from '../../shared/protocol.ts';
import type { Suggestion } from '../../shared/report.ts';
import { cancelWith } from '../cancellation.ts';
import { applyRefusal } from '../connectionProfile.ts';
import type { Connections } from '../connections.ts';
import { openSql } from '../documents.ts';
import { insertionOf } from '../insertion.ts';
import { plainMessage } from '../plainMessage.ts';
import type { Profiled, TargetSource } from '../profileTarget.ts';
import type { ServerOpener } from '../serverOpener.ts';
import { loadSqlTools } from '../sqlTools.ts';
import { saveImage } from './saveImage.ts';

export interface SuggestionPorts {
  readonly connections: Connections;
  readonly opener: ServerOpener;
  readonly profileAgain: (profiled: Profiled) => void;
}

export async function answerPanel(
  ports: SuggestionPorts,
  request: PanelRequest,
  profiled: Profiled,
): Promise<PanelReply> {
  switch (request.type) {
    case 'text/copy':
      await vscode.env.clipboard.writeText(request.text);
      return { message: 'Copied.' };
    case 'suggestion/insert':
      return insert(suggestionOf(profiled, request.suggestionId), profiled);
    case 'suggestion/apply':
      return apply(ports, suggestionOf(profiled, request.suggestionId), profiled);
    case 'image/save':
      return saveImage(request);
  }
}

function suggestionOf({ report }: Profiled, id: string): Suggestion {
  const suggestion = report.suggestions.find((candidate) => candidate.id === id);
  if (!suggestion) throw userErrors.reportGone();
  return suggestion;
}

async function insert({ ddl }: Suggestion, { target }: Profiled): Promise<PanelReply> {
  const inserted = target.source && (await insertInto(target.source, target.sql, ddl));
  if (inserted) return { message: `Inserted into ${target.source?.name}.` };
  await openSql(`${ddl}\n`);
  return { message: 'Opened as a new document.' };
}

/** False when the document is gone or cannot be edited. */
async function insertInto(source: TargetSource, statement: string, ddl: string): Promise<boolean> {
  const uri = vscode.Uri.parse(source.uri, true);
  const document = await vscode.workspace.openTextDocument(uri).then(
    (opened) => opened,
    () => undefined,
  );
  if (!document) return false;
  const { offset, text } = insertionOf(document.getText(), statement, ddl);
  const edit = new vscode.WorkspaceEdit();
  const position = document.positionAt(offset);
  edit.insert(uri, position, text);
  if (!(await vscode.workspace.applyEdit(edit))) return false;
  const end = document.positionAt(offset + text.length);
  await vscode.window.showTextDocument(document, {
    viewColumn: columnOf(uri),
    selection: new vscode.Range(position, end),
  });
  return true;
}

/** Where the document is open already; otherwise the first column, not the panel's. */
function columnOf(uri: vscode.Uri): vscode.ViewColumn {
  const group = vscode.window.tabGroups.all.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()),
  );
  return group?.viewColumn ?? vscode.ViewColumn.One;
}

async function apply(
  ports: SuggestionPorts,
  suggestion: Suggestion,
  profiled: Profiled,
): Promise<PanelReply> {
  const { connectionId } = profiled.target;
  const connection = connectionId === undefined ? undefined : await ports.connections.find(connectionId);
  const refusal = applyRefusal(connection);
  if (!connection || refusal !== undefined)
    throw userErrors.notPermitted('Nothing was applied.', refusal ?? '');
  // A panel of the last session brings its report back from VS Code's storage, where anything may have written.
  if (!(await loadSqlTools()).createsIndex(suggestion.ddl))
    throw userErrors.notPermitted(
      'Nothing was applied.',
      'Only CREATE INDEX is: copy the statement instead.',
    );
  const run = 'Apply';
  const answer = await vscode.window.showWarningMessage(
    `Run this on “${connection.name}” (${connection.environment})?`,
    { modal: true, detail: visibleBlock(suggestion.ddl) },
    run,
  );
  if (answer !== run) return { message: 'Nothing was applied.' };
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Applying the suggestion', cancellable: true },
    (progress, token) => {
      const cancel = cancelWith(token);
      const request = {
        interactive: true,
        cancel,
        onProgress: (message: string) => progress.report({ message: plainMessage(message) }),
      };
      return ports.opener.use(connection, request, (server) => server.applyDdl(suggestion.ddl, cancel));
    },
  );
  void offerNext(ports, suggestion, profiled);
  return { message: `Applied to ${connection.name}.`, applied: true };
}

async function offerNext(ports: SuggestionPorts, { undoDdl }: Suggestion, profiled: Profiled): Promise<void> {
  const again = 'Profile Again';
  const undo = 'Copy Undo Statement';
  const offers = undoDdl === undefined ? [again] : [again, undo];
  const chosen = await vscode.window.showInformationMessage('The suggestion was applied.', ...offers);
  if (chosen === again) ports.profileAgain(profiled);
  if (chosen === undo && undoDdl !== undefined) await vscode.env.clipboard.writeText(undoDdl);
}
