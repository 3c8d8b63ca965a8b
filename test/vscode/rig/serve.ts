/** A VS Code with the extension, for a person with a browser: runs until Ctrl+C. */
import path from 'node:path';
import { once } from 'node:events';
import { packVsix } from '../../support/vsix.ts';
import { installRig, newestVersion, rigIsPossible } from './install.ts';
import { createProfile, installExtension, removeProfile, startServer } from './server.ts';

export async function serveForBrowser(folder: string): Promise<void> {
  const say = (message: string) => process.stdout.write(`${message}\n`);
  if (!rigIsPossible)
    throw new Error('The VS Code in the browser runs on Linux x64. Install VS Code and its `code` command.');
  const rig = await installRig(newestVersion, say);
  const profile = await createProfile();
  try {
    const vsix = path.join(profile.root, 'extension.vsix');
    await packVsix(vsix);
    await installExtension(rig, profile, vsix);
    const server = await startServer(rig, profile, { log: path.join(profile.root, 'server.log') });
    say(
      `\nOpen ${server.urlFor({ folder })} in your browser; look for “Query Profiler” on the left.\nCtrl+C stops it.`,
    );
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    await server.stop();
  } finally {
    await removeProfile(profile);
  }
}
