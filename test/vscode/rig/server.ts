/** A running VS Code of the rig: its own profile, its own port on loopback, stopped with everything it started. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Rig } from './install.ts';

/** A user-data folder and an extensions folder, fresh for each run. */
export interface Profile {
  readonly root: string;
  readonly userData: string;
  readonly extensions: string;
}

export interface Server {
  /** Where a browser opens it; `payload` is what VS Code takes on its command line. */
  urlFor(target: {
    readonly folder?: string;
    readonly payload?: readonly (readonly [string, string])[];
  }): string;
  output(): string;
  stop(): Promise<void>;
}

const listenTimeoutMs = 60_000;
const stopTimeoutMs = 4_000;

/** Nothing that asks, greets, updates or phones, so that a run sees only the extension under test. */
const quietSettings: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  // A webview takes the focus when its content arrives, which would shut a palette that was just opened.
  'workbench.quickOpen.closeOnFocusLost': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  'github.gitAuthentication': false,
  'chat.disableAIFeatures': true,
  'typescript.disableAutomaticTypeAcquisition': true,
};

/** @param settings further settings, of any scope but the application's. */
export async function createProfile(settings: Readonly<Record<string, unknown>> = {}): Promise<Profile> {
  const root = await mkdtemp(path.join(tmpdir(), 'vscode-rig-'));
  const profile = { root, userData: path.join(root, 'data'), extensions: path.join(root, 'extensions') };
  await mkdir(profile.extensions);
  await writeSettings(profile, 'User', quietSettings);
  // A VS Code with a server reads machine-scoped settings from there only.
  await writeSettings(profile, 'Machine', settings);
  await writeFile(path.join(profile.userData, 'code-server.yaml'), 'auth: none\ncert: false\n');
  return profile;
}

async function writeSettings(profile: Profile, place: 'User' | 'Machine', settings: unknown): Promise<void> {
  const folder = path.join(profile.userData, place);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
}

export const removeProfile = (profile: Profile) => rm(profile.root, { recursive: true, force: true });

/** `code --install-extension`. To be called before a server starts on that profile. */
export async function installExtension(rig: Rig, profile: Profile, vsix: string): Promise<void> {
  const child = spawn(rig.node, [rig.entry, ...profileArguments(profile), '--install-extension', vsix], {
    env: serverEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collect(child);
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  if (code !== 0) throw new Error(`Installing ${vsix} ended with ${code}:\n${output()}`);
}

/**
 * Starts VS Code on that profile and waits until it listens.
 * `suites` is for runs of extensionTestsPath, which a built VS Code for the web ignores without its smoke-test driver;
 * with the driver it shows no notification, so runs that drive the user interface go without.
 */
export async function startServer(
  rig: Rig,
  profile: Profile,
  options: {
    readonly log: string;
    readonly suites?: boolean;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<Server> {
  const child = spawn(rig.node, serverArguments(rig, profile, options.suites ?? false), {
    env: serverEnvironment(options.env),
    // Leads a process group, so that the extension hosts and their children can be stopped with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collect(child, options.log);
  const signalGroup = (signal: NodeJS.Signals) => {
    try {
      process.kill(-child.pid!, signal);
    } catch {
      // The group is gone already, which is what was asked for.
    }
  };
  const killAtExit = () => signalGroup('SIGKILL');
  process.on('exit', killAtExit);
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const stop = async () => {
    signalGroup('SIGTERM');
    const timer = setTimeout(() => signalGroup('SIGKILL'), stopTimeoutMs);
    await exited;
    clearTimeout(timer);
    signalGroup('SIGKILL');
    process.off('exit', killAtExit);
  };
  try {
    const port = await listeningPort(child, output);
    return { urlFor: (target) => urlFor(port, target), output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serverArguments(rig: Rig, profile: Profile, suites: boolean): string[] {
  // code-server 4.100 has no --vscode-option and needs none: VS Code 1.100 runs suites without the driver.
  const cli = readFileSync(path.join(path.dirname(rig.entry), 'cli.js'), 'utf8');
  const driver = suites && cli.includes('vscode-option') ? ['--vscode-option=enable-smoke-test-driver'] : [];
  return [
    rig.entry,
    ...profileArguments(profile),
    '--bind-addr=127.0.0.1:0',
    '--auth=none',
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
    '--disable-proxy',
    '--ignore-last-opened',
    // Else env.openExternal asks first.
    '--link-protection-trusted-domains=*',
    ...driver,
  ];
}

const profileArguments = (profile: Profile): string[] => [
  `--config=${path.join(profile.userData, 'code-server.yaml')}`,
  `--user-data-dir=${profile.userData}`,
  `--extensions-dir=${profile.extensions}`,
];

/** Ours without what would make it part of another VS Code or of npm, and without a marketplace. */
function serverEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const foreign =
    /^(VSCODE_|ELECTRON_|CS_|CODE_SERVER_|npm_|NODE_TEST_CONTEXT$|NODE_OPTIONS$|PORT$|PG[A-Z]+$)/;
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(own), EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: '' }), ...extra };
}

function listeningPort(child: ChildProcess, output: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`VS Code did not listen within ${listenTimeoutMs / 1000} s:\n${output()}`)),
      listenTimeoutMs,
    );
    const look = () => {
      const port = /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(output())?.[1];
      if (!port) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout!.on('data', look);
    child.stderr!.on('data', look);
    child.on('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`VS Code ended with ${code}:\n${output()}`));
    });
  });
}

const urlFor: (port: number, target: Parameters<Server['urlFor']>[0]) => string = (
  port,
  { folder, payload },
) => {
  const query = new URLSearchParams(folder ? { folder } : { ew: 'true' });
  if (payload) query.set('payload', JSON.stringify(payload));
  return `http://127.0.0.1:${port}/?${query.toString()}`;
};

/** What the process prints, kept and (if asked) written to a file as it comes. */
function collect(child: ChildProcess, file?: string): () => string {
  if (file) mkdirSync(path.dirname(file), { recursive: true });
  const sink = file ? createWriteStream(file) : undefined;
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (data: Buffer) => {
      text += data.toString();
      sink?.write(data);
    });
  }
  child.on('close', () => sink?.end());
  return () => text;
}
