/** SQL in editors: new documents, and what stands where the user is. */
import * as vscode from 'vscode';
import type { TargetSource } from './profileTarget.ts';

export async function openSql(content: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language: 'sql', content });
  return vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
}

export function sourceAt(document: vscode.TextDocument, offset: number): TargetSource {
  return {
    uri: document.uri.toString(),
    // Works for every scheme: no file system path is asked for.
    name: document.uri.path.split('/').at(-1) ?? document.uri.path,
    line: document.positionAt(offset).line + 1,
  };
}

export async function revealSource(source: TargetSource): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(source.uri, true));
  const line = document.lineAt(Math.min(source.line, document.lineCount) - 1);
  await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.One,
    selection: line.range,
  });
}
