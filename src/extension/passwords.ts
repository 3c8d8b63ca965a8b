/** Passwords in VS Code's secret storage, by the connection's stable id; deleted only when the user says so. */
import type { SecretStorage } from 'vscode';

export class Passwords {
  readonly #secrets: Pick<SecretStorage, 'get' | 'store' | 'delete'>;

  constructor(secrets: Pick<SecretStorage, 'get' | 'store' | 'delete'>) {
    this.#secrets = secrets;
  }

  async get(connectionId: string): Promise<string | undefined> {
    return this.#secrets.get(keyOf(connectionId));
  }

  async set(connectionId: string, password: string): Promise<void> {
    await this.#secrets.store(keyOf(connectionId), password);
  }

  async forget(connectionId: string): Promise<void> {
    await this.#secrets.delete(keyOf(connectionId));
  }
}

function keyOf(connectionId: string): string {
  return `password:${connectionId}`;
}
