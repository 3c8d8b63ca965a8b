/** A drawing of the plan that the panel made, saved where the user says. */
import * as vscode from 'vscode';
import { userErrors } from '../../core/errors.ts';
import { imageName, type PanelReply, type PanelRequest } from '../../shared/protocol.ts';

type SaveImage = Extract<PanelRequest, { type: 'image/save' }>;

export async function saveImage({ kind, data }: SaveImage): Promise<PanelReply> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${imageName}.${kind}`;
  const uri = await vscode.window.showSaveDialog({
    title: 'Save the Plan as a Picture',
    ...(folder !== undefined && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: kind === 'svg' ? { 'SVG drawing': ['svg'] } : { 'PNG image': ['png'] },
  });
  if (!uri) return { message: 'Not saved.' };
  const file = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  try {
    await vscode.workspace.fs.writeFile(uri, Buffer.from(data, kind === 'svg' ? 'utf8' : 'base64'));
  } catch (error) {
    throw userErrors.cannotWrite(file, error instanceof Error ? error.message : String(error), error);
  }
  return { message: `Saved as ${file}.` };
}
