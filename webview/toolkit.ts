/** The only importer of the (archived) webview toolkit: replacing it costs this file and toolkitProbe.ts. */
import { endProbe } from './toolkitProbe.ts';
import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';

endProbe();

/** Defines <vscode-button>, in the look of the workbench's own. */
export function defineControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton());
}
