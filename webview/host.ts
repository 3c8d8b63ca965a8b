/** What stands behind the panel: VS Code, or nothing but the page when the report was exported to a file. */
import {
  imageName,
  type PanelReply,
  type PanelRequest,
  type ToHost,
  type ToWebview,
} from '../src/shared/protocol.ts';
import type { ProfileReport } from '../src/shared/report.ts';
import { createRequests } from '../src/shared/rpc.ts';

export interface Host {
  post(message: ToHost): void;
  request(request: PanelRequest): Promise<PanelReply>;
  savedState(): unknown;
  saveState(state: unknown): void;
  /** Called with every message that is not a reply. */
  listen(receive: (message: ToWebview) => void): void;
}

interface VsCodeApi {
  readonly postMessage: (message: ToHost) => void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/**
 * Copying is instant. Inserting may ask which editor, applying asks for consent and then builds an index, which takes as long
 * as the table is big: an hour is longer than anyone waits, and only keeps a lost answer from being waited for for ever.
 */
const timeoutsMs: Readonly<Record<PanelRequest['type'], number>> = {
  'text/copy': 10_000,
  'suggestion/insert': 600_000,
  'suggestion/apply': 3_600_000,
  'image/save': 600_000,
};

/** The element of an exported report that holds its JSON; see core/report/renderHtml.ts. */
const inlinedReportId = 'report';

export function findHost(): Host {
  return typeof acquireVsCodeApi === 'function' ? vsCodeHost(acquireVsCodeApi()) : pageHost();
}

function vsCodeHost(api: VsCodeApi): Host {
  const post = api.postMessage;
  const requests = createRequests(post, (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  });
  addEventListener('pagehide', () => requests.dispose());
  return {
    post,
    request: (request) => requests.send(request, timeoutsMs[request.type]),
    savedState: () => api.getState(),
    saveState: (state) => api.setState(state),
    listen(receive) {
      addEventListener('message', (event: MessageEvent<ToWebview>) => {
        if (!requests.receive(event.data)) receive(event.data);
      });
      post({ type: 'ready' });
    },
  };
}

function pageHost(): Host {
  followColourScheme();
  return {
    post: () => undefined,
    async request(request) {
      if (request.type === 'image/save') return download(request);
      if (request.type !== 'text/copy') throw new Error('A report in a file cannot do this.');
      try {
        await navigator.clipboard.writeText(request.text);
      } catch {
        throw new Error('The browser does not let this page copy. Select the text and copy it.');
      }
      return {};
    },
    savedState: () => undefined,
    saveState: () => undefined,
    listen(receive) {
      const text = document.getElementById(inlinedReportId)?.textContent;
      if (text === undefined || text === '') return;
      receive({
        type: 'report/show',
        report: JSON.parse(text) as ProfileReport,
        abilities: {
          profileAgain: false,
          revealSource: false,
          copy: true,
          insert: false,
          apply: false,
          openRawPlan: false,
          saveImage: true,
        },
      });
    },
  };
}

/** The browser saves where it always does. */
function download({ kind, data }: Extract<PanelRequest, { type: 'image/save' }>): PanelReply {
  const content = kind === 'svg' ? data : Uint8Array.from(atob(data), (letter) => letter.codePointAt(0) ?? 0);
  const type = kind === 'svg' ? 'image/svg+xml' : 'image/png';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = `${imageName}.${kind}`;
  link.click();
  // The browser has read it by then; kept, it would stay in memory as long as the page.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return { message: `Handed to the browser as ${link.download}.` };
}

/** The toolkit reads the theme's colours again when the body's class changes, as it does in VS Code. */
function followColourScheme(): void {
  const light = matchMedia('(prefers-color-scheme: light)');
  const apply = () => {
    document.body.classList.toggle('vscode-light', light.matches);
    document.body.classList.toggle('vscode-dark', !light.matches);
  };
  light.addEventListener('change', apply);
  apply();
}
