import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { profileDefaults } from '../../src/extension/connectionProfile.ts';
import { isUrl, newDraft, profileOf, refusePort, withUrl } from '../../src/extension/connectionDraft.ts';
import { connectOptionsFromUrl } from '../../src/pg/connectOptions.ts';

describe('a pasted URL', () => {
  const check = (url: string, answered: readonly string[], fields: object) =>
    test(url, () => {
      assert.ok(isUrl(url));
      const options = connectOptionsFromUrl(url, profileDefaults);
      assert.ok(options.ok);
      const draft = withUrl(newDraft('a1'), url, options.value);
      assert.deepEqual([...draft.answered], answered);
      const profile = profileOf(draft);
      assert.ok(!('password' in profile), 'the password is no part of the profile');
      assert.deepEqual(profile, { ...profile, ...fields });
    });

  check('postgresql://app@db.example.org/registry', ['address'], {
    host: 'db.example.org',
    port: 5432,
    database: 'registry',
    user: 'app',
    name: 'registry on db.example.org',
    environment: 'production',
  });
  check('postgres://app:s3cret@localhost:6432/registry?sslmode=require', ['address', 'password', 'ssl'], {
    host: 'localhost',
    port: 6432,
    ssl: 'require',
    name: 'registry',
  });
});

test('a host is no URL', () => {
  for (const text of ['localhost', '/var/run/postgresql', 'postgres']) assert.ok(!isUrl(text), text);
});

test('a port is a number that a port can be', () => {
  for (const text of ['5432', '1', '65535']) assert.equal(refusePort(text), undefined);
  for (const text of ['', '0', '65536', '5432x', '1.5']) assert.match(refusePort(text) ?? '', /1 to 65535/);
});
