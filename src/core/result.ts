/** A value, or the sentence why there is none. Core returns these for odd input instead of throwing. */
import type { UserError } from './errors.ts';

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: UserError };

export const succeed = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (error: UserError): Result<never> => ({ ok: false, error });
