/** The questions that describe a connection, one after the other. */
import type { Result } from '../core/result.ts';
import type { ConnectOptions, SslMode } from '../core/ports.ts';
import type { Environment } from '../shared/report.ts';
import type { ConnectionDraft } from './connectionDraft.ts';
import { isUrl, refuseBlank, refusePort, suggestedName, withUrl } from './connectionDraft.ts';
import type { Step } from './multiStep.ts';
import type { Choice } from './quickInput.ts';
import { askChoice, askText } from './quickInput.ts';

type DraftStep = Step<ConnectionDraft>;
type ReadUrl = (url: string) => Result<ConnectOptions>;

export function connectionSteps(title: string, readUrl: ReadUrl): readonly DraftStep[] {
  return [
    addressStep(title, readUrl),
    textStep(
      title,
      'Port',
      refusePort,
      (draft) => String(draft.port),
      (draft, text) => ({ ...draft, port: Number(text) }),
    ),
    textStep(
      title,
      'Database',
      refuseBlank,
      (draft) => draft.database,
      (draft, database) => ({ ...draft, database }),
    ),
    textStep(
      title,
      'User',
      refuseBlank,
      (draft) => draft.user,
      (draft, user) => ({ ...draft, user }),
    ),
    passwordStep(title),
    {
      skip: ({ answered }) => answered.has('ssl'),
      ask: (draft, position) =>
        askChoice(
          { title, placeholder: 'TLS', choices: sslChoices, current: draft.ssl },
          position,
          (ssl) => ({ ...draft, ssl }),
        ),
    },
    {
      ask: (draft, position) =>
        askChoice(
          {
            title,
            placeholder: 'What is this database?',
            choices: environmentChoices,
            current: draft.environment,
          },
          position,
          (environment) => ({ ...draft, environment }),
        ),
    },
    {
      skip: ({ environment }) => environment === 'production',
      ask: (draft, position) =>
        askChoice(
          {
            title,
            placeholder: 'May statements change it?',
            choices: accessChoices,
            current: draft.readOnly,
          },
          position,
          (readOnly) => ({ ...draft, readOnly }),
        ),
    },
    {
      ask: (draft, position) =>
        askText(
          {
            title,
            prompt: 'Name of the connection',
            value: draft.name === '' ? suggestedName(draft) : draft.name,
            validate: refuseBlank,
          },
          position,
          (name) => ({ ...draft, name: (name ?? '').trim() }),
        ),
    },
  ];
}

function addressStep(title: string, readUrl: ReadUrl): DraftStep {
  return {
    ask: (draft, position) =>
      askText(
        {
          title,
          prompt: 'Host, or a connection URL that answers more at once',
          placeholder: 'localhost, or postgresql://user@host:5432/database',
          value: draft.host,
          validate: (text) => {
            if (!isUrl(text)) return refuseBlank(text);
            const options = readUrl(text.trim());
            return options.ok ? undefined : options.error.sentence;
          },
        },
        position,
        (text) => {
          const address = (text ?? '').trim();
          const options = isUrl(address) ? readUrl(address) : undefined;
          return options?.ok
            ? withUrl(draft, address, options.value)
            : { ...draft, host: address, answered: new Set() };
        },
      ),
  };
}

function textStep(
  title: string,
  prompt: string,
  validate: (text: string) => string | undefined,
  valueOf: (draft: ConnectionDraft) => string,
  withText: (draft: ConnectionDraft, text: string) => ConnectionDraft,
): DraftStep {
  return {
    skip: ({ answered }) => answered.has('address'),
    ask: (draft, position) =>
      askText({ title, prompt, value: valueOf(draft), validate }, position, (text) =>
        withText(draft, (text ?? '').trim()),
      ),
  };
}

function passwordStep(title: string): DraftStep {
  return {
    skip: ({ answered }) => answered.has('password'),
    ask: (draft, position) =>
      askText(
        {
          title,
          prompt:
            'Password, kept in VS Code’s secret storage; leave it empty when none is needed or one is kept already',
          value: draft.password,
          password: true,
        },
        position,
        (password) => ({ ...draft, password: password ?? '' }),
      ),
  };
}

const sslChoices: readonly Choice<SslMode>[] = [
  {
    label: 'Prefer',
    description: 'encrypted when the server offers it, without checking who it is',
    value: 'prefer',
  },
  {
    label: 'Verify full',
    description: 'encrypted; certificate and host name are checked',
    value: 'verify-full',
  },
  { label: 'Verify CA', description: 'encrypted; the certificate is checked', value: 'verify-ca' },
  { label: 'Require', description: 'encrypted or not at all', value: 'require' },
  { label: 'Disable', description: 'never encrypted', value: 'disable' },
];

const environmentChoices: readonly Choice<Environment>[] = [
  {
    label: 'Development',
    description: 'queries run at once, indexes may be tried and applied',
    value: 'dev',
  },
  {
    label: 'Staging',
    description: 'queries run at once, nothing is built or applied',
    value: 'staging',
  },
  {
    label: 'Production',
    description: 'asks before each run; nothing is ever written or tried',
    value: 'production',
  },
];

const accessChoices: readonly Choice<boolean>[] = [
  {
    label: 'After asking',
    description: 'INSERT, UPDATE, DELETE are profiled after a yes, and rolled back',
    value: false,
  },
  { label: 'Never', description: 'read-only: what writes or locks is refused', value: true },
];
