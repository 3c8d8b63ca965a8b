/**
 * Stands in for the `vscode` module only as far as `activate()` goes, and records what it registers.
 * What the extension then does is tested in a real VS Code (test/vscode).
 */

export interface Registered {
  readonly commands: string[];
  readonly treeViews: string[];
  readonly panelSerializers: string[];
  readonly lensLanguages: string[];
}

class Emitter {
  readonly event = () => disposable;
  fire(): void {}
  dispose(): void {}
}

const disposable = { dispose() {} };

/** Any other member: a function that returns something disposable with any members. */
const anything: unknown = new Proxy(() => anything, {
  set: () => true,
  get: (_target, name) => (name === 'then' ? undefined : name === Symbol.toPrimitive ? () => '' : anything),
  construct: () => anything as object,
});

/** As a prototype, because bundles copy a module's own members and keep its prototype. */
const rest = new Proxy({}, { get: () => anything });

const namespace = (known: object): object => Object.assign(Object.create(rest) as object, known);

export function recordingVscode(): { readonly vscode: unknown; readonly registered: Registered } {
  const registered: Registered = { commands: [], treeViews: [], panelSerializers: [], lensLanguages: [] };
  const record = (list: string[]) => (id: string) => {
    list.push(id);
    return disposable;
  };
  const vscode = namespace({
    EventEmitter: Emitter,
    Disposable: { from: () => disposable },
    commands: namespace({
      registerCommand: record(registered.commands),
      executeCommand: () => Promise.resolve(),
    }),
    window: namespace({
      registerTreeDataProvider: record(registered.treeViews),
      createTreeView: (id: string) => {
        registered.treeViews.push(id);
        return anything;
      },
      registerWebviewPanelSerializer: record(registered.panelSerializers),
    }),
    languages: namespace({
      registerCodeLensProvider: (languages: readonly string[]) => {
        registered.lensLanguages.push(...languages);
        return disposable;
      },
    }),
  });
  return { vscode, registered };
}
