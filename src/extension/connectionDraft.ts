/** A connection while it is being described: what the questions fill in, and what a pasted URL answers at once. Pure. */
import type { ConnectOptions } from '../core/ports.ts';
import type { ConnectionProfile } from './connectionProfile.ts';
import { isPort, profileDefaults } from './connectionProfile.ts';

export interface ConnectionDraft extends ConnectionProfile {
  /** Goes to SecretStorage; empty for none. */
  readonly password: string;
  /** The questions that a pasted URL answered. */
  readonly answered: ReadonlySet<'address' | 'password' | 'ssl'>;
}

export function newDraft(id: string): ConnectionDraft {
  return { ...profileDefaults, id, name: '', database: '', password: '', answered: new Set() };
}

export function draftOf(profile: ConnectionProfile): ConnectionDraft {
  return { ...profile, password: '', answered: new Set() };
}

export function isUrl(text: string): boolean {
  return /^\s*postgres(ql)?:\/\//i.test(text);
}

export function withUrl(draft: ConnectionDraft, url: string, options: ConnectOptions): ConnectionDraft {
  const { host, port, database, user, ssl, sslRootCertificate, password } = options;
  const answered = new Set<'address' | 'password' | 'ssl'>(['address']);
  if (password !== undefined && password !== '') answered.add('password');
  if (/[?&]sslmode=/i.test(url)) answered.add('ssl');
  return {
    ...draft,
    host,
    port,
    database,
    user,
    ssl,
    password: password ?? '',
    answered,
    ...(sslRootCertificate !== undefined && { sslRootCertificate }),
  };
}

export function profileOf(draft: ConnectionDraft): ConnectionProfile {
  const { password: _password, answered: _answered, ...profile } = draft;
  return { ...profile, name: profile.name === '' ? suggestedName(draft) : profile.name };
}

export function suggestedName({ host, database }: Pick<ConnectionProfile, 'host' | 'database'>): string {
  return host === 'localhost' || host.startsWith('/') ? database : `${database} on ${host}`;
}

export function refuseBlank(text: string): string | undefined {
  return text.trim() === '' ? 'This cannot be empty.' : undefined;
}

export function refusePort(text: string): string | undefined {
  return isPort(Number(text)) ? undefined : 'A port is a number from 1 to 65535.';
}
