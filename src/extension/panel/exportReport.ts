/** A report out of VS Code: as a page, as text for a ticket, as a file that opens again. */
import * as vscode from 'vscode';
import { userErrors } from '../../core/errors.ts';
import type { ProfileReport } from '../../shared/report.ts';
import { cancelWith } from '../cancellation.ts';
import type { ExportFormat } from '../plans/planJob.ts';
import type { PlanReader } from '../plans/planReader.ts';

interface Choice extends vscode.QuickPickItem {
  readonly format: ExportFormat;
  readonly extension: string;
}

const choices: readonly Choice[] = [
  { label: 'Page', description: 'one HTML file, works offline', format: 'html', extension: 'html' },
  { label: 'Markdown', description: 'for pull requests and tickets', format: 'markdown', extension: 'md' },
  { label: 'Report', description: 'JSON; opens here again', format: 'json', extension: 'pgplan' },
  { label: 'Plan as text', description: 'as psql prints it', format: 'psql', extension: 'txt' },
];

/** Asks for the format, whether values may be in it, and the place. Nothing is written when the user leaves. */
export async function exportReport(reader: PlanReader, report: ProfileReport, name: string): Promise<void> {
  const choice = await vscode.window.showQuickPick(choices, { title: 'Export', placeHolder: 'As what?' });
  if (!choice) return;
  // The plan as the server gave it holds values in places that nobody can mask for sure.
  const masked = choice.format === 'psql' ? false : await askMasking();
  if (masked === undefined) return;
  const uri = await vscode.window.showSaveDialog({
    title: 'Export',
    defaultUri: vscode.Uri.joinPath(folder(), `${fileName(name)}-report.${choice.extension}`),
    filters: { [choice.label]: [choice.extension] },
  });
  if (!uri) return;
  const job = { kind: 'export', report, format: choice.format, masked, name: 'the report' } as const;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: 'Exporting the report',
    cancellable: true,
  };
  const result = await vscode.window.withProgress(options, (_, token) =>
    reader.read(job, cancelWith(token), () => undefined),
  );
  if (result.kind !== 'exported') throw userErrors.reportGone();
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(result.text));
  const open = 'Open';
  const answer = await vscode.window.showInformationMessage(`Exported to ${fileOf(uri)}.`, open);
  if (answer !== open) return;
  if (choice.format === 'html') await vscode.env.openExternal(uri);
  else await vscode.commands.executeCommand('vscode.open', uri);
}

async function askMasking(): Promise<boolean | undefined> {
  const items = [
    { label: 'With values', description: 'as the statement and the plan hold them', masked: false },
    { label: 'Without values', description: 'every literal is hidden', masked: true },
  ];
  return (
    await vscode.window.showQuickPick(items, { title: 'Export', placeHolder: 'Who may see the values?' })
  )?.masked;
}

function folder(): vscode.Uri {
  return vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
}

/** What every file system takes. */
function fileName(name: string): string {
  const plain = name
    .replace(/\.\w{1,6}$/, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');
  return plain === '' ? 'query-profile' : plain.slice(0, 60);
}

function fileOf({ path }: vscode.Uri): string {
  return path.split('/').at(-1) ?? path;
}
