/** The statement that the user means, from a lens's arguments, the selection or the cursor. */
import * as vscode from 'vscode';
import { userErrors } from '../../core/errors.ts';
import { sourceAt } from '../documents.ts';
import type { ProfileTarget } from '../profileTarget.ts';
import { loadSqlTools } from '../sqlTools.ts';

/**
 * A lens passes the document and the statement's offset; menus pass the document, and more that says nothing here.
 * @throws UserError
 */
export async function pickTarget(
  [uri, offset]: readonly unknown[],
  analyze: boolean,
): Promise<ProfileTarget> {
  const editor = vscode.window.activeTextEditor;
  const isLens = uri instanceof vscode.Uri && typeof offset === 'number';
  const document = isLens ? await vscode.workspace.openTextDocument(uri) : editor?.document;
  if (!document) throw userErrors.emptyInput();
  const selection = isLens ? { start: offset, end: offset } : selectionOf(editor);
  const tools = await loadSqlTools();
  const picked = tools.pick(document.getText(), selection);
  if (!picked.ok) throw picked.error;
  const { text, start } = picked.value;
  return { sql: text, source: sourceAt(document, start), analyze };
}

function selectionOf(editor: vscode.TextEditor | undefined): {
  readonly start: number;
  readonly end: number;
} {
  if (!editor) return { start: 0, end: 0 };
  const { document, selection } = editor;
  return { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
}
