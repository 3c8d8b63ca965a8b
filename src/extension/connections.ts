/** The connections that can be selected, and the one that is. */
import type { Event, Memento } from 'vscode';
import { Disposable, EventEmitter } from 'vscode';
import type { Log } from '../core/log.ts';
import { onSettingChanged, readConnections, writeSetting } from './config.ts';
import type { Connection, ConnectionProfile } from './connectionProfile.ts';
import {
  parseProfiles,
  environmentConnection,
  sampleConnection,
  sampleConnectionId,
  environmentDefaults,
} from './connectionProfile.ts';
import type { Passwords } from './passwords.ts';
import type { SampleHolder } from './sampleHolder.ts';

const activeIdKey = 'activeConnection';

export class Connections {
  readonly #state: Memento;
  readonly #passwords: Passwords;
  readonly #sample: SampleHolder;
  readonly #log: Log;
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable;

  constructor(ports: {
    readonly state: Memento;
    readonly passwords: Passwords;
    readonly sample: SampleHolder;
    readonly log: Log;
  }) {
    this.#state = ports.state;
    this.#passwords = ports.passwords;
    this.#sample = ports.sample;
    this.#log = ports.log;
    this.#subscriptions = Disposable.from(
      this.#changed,
      onSettingChanged('connections', () => this.#changed.fire()),
      this.#sample.onDidChange(() => this.#changed.fire()),
    );
  }

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** Profiles of the settings, then the PG* environment, then the sample database once it was prepared. */
  async all(): Promise<readonly Connection[]> {
    const { profiles, problems } = parseProfiles(readConnections());
    for (const problem of problems) this.#log('warn', problem);
    const environment = await this.#environment();
    return [
      ...profiles.map((profile): Connection => ({ ...profile, origin: 'settings' })),
      ...(environment ? [environment] : []),
      ...(this.activeId === sampleConnectionId || (await this.#sample.state()) !== 'absent'
        ? [sampleConnection]
        : []),
    ];
  }

  async find(id: string): Promise<Connection | undefined> {
    return (await this.all()).find((connection) => connection.id === id);
  }

  get activeId(): string | undefined {
    return this.#state.get<string>(activeIdKey);
  }

  async active(): Promise<Connection | undefined> {
    return this.activeId === undefined ? undefined : this.find(this.activeId);
  }

  async select(id: string | undefined): Promise<void> {
    await this.#state.update(activeIdKey, id);
    this.#changed.fire();
  }

  /** Adds the profile, or replaces the one of the same id. */
  async save(profile: ConnectionProfile): Promise<void> {
    const { profiles } = parseProfiles(readConnections());
    const known = profiles.some(({ id }) => id === profile.id);
    const saved = known
      ? profiles.map((other) => (other.id === profile.id ? profile : other))
      : [...profiles, profile];
    await writeSetting('connections', saved);
  }

  /** The user's explicit wish: the profile and its password go. */
  async remove(id: string): Promise<void> {
    const { profiles } = parseProfiles(readConnections());
    await writeSetting(
      'connections',
      profiles.filter((profile) => profile.id !== id),
    );
    await this.#passwords.forget(id);
    if (this.activeId === id) await this.select(undefined);
  }

  /** What psql would connect to, when PG* variables say where. */
  async #environment(): Promise<Connection | undefined> {
    const { connectOptionsFromEnv } = await import('../pg/connectOptions.ts');
    const options = connectOptionsFromEnv(process.env, environmentDefaults);
    if (options.ok) return environmentConnection(options.value);
    if (options.error.code !== 'noConnection') this.#log('warn', options.error.sentence);
    return undefined;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}
