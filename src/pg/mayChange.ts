import { userErrors } from '../core/errors.ts';
import type { ServerContext } from './session.ts';

/** Trials and DDL: dev profiles and the sample database only. @throws UserError */
export function assertMayChange(
  { info, options }: Pick<ServerContext, 'info' | 'options'>,
  what: string,
): void {
  const refuse = (why: string) => {
    throw userErrors.changesNotAllowed(what, why);
  };
  if (options.readOnly) refuse('the connection is read-only');
  if (options.environment !== 'dev' && !options.isSample)
    refuse(`the connection is marked ${options.environment}`);
  if (info.isStandby) refuse('the server is a standby');
}
