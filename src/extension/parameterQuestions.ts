/** Asking for a statement's parameters: the values one by one, the last ones again, or none. */
import type { Placeholder } from '../core/sql/placeholders.ts';
import type { ParameterAnswers } from './parameterMemory.ts';
import type { Step } from './multiStep.ts';
import { runSteps } from './multiStep.ts';
import { askChoice, askText } from './quickInput.ts';

export interface ParameterRequest {
  readonly placeholders: readonly Placeholder[];
  /** Types by position, as the server infers them; a missing one is not shown. */
  readonly types: readonly string[];
  readonly remembered: ParameterAnswers | undefined;
}

interface Answers {
  readonly how: 'values' | 'remembered' | 'generic';
  readonly values: ParameterAnswers;
}

/** undefined: the user left. */
export async function askParameters(
  request: ParameterRequest,
): Promise<ParameterAnswers | 'generic' | undefined> {
  const steps = [
    howStep(request),
    ...request.placeholders.map((placeholder) => valueStep(placeholder, request)),
  ];
  const answers = await runSteps<Answers>(steps, { how: 'values', values: {} });
  if (!answers) return undefined;
  if (answers.how === 'generic') return 'generic';
  return answers.how === 'remembered' && request.remembered ? request.remembered : answers.values;
}

function howStep({ placeholders, remembered }: ParameterRequest): Step<Answers> {
  const complete = remembered !== undefined && placeholders.every(({ name }) => name in remembered);
  const choices = [
    ...(complete
      ? [
          {
            label: 'Use the last values',
            description: valuesText(placeholders, remembered),
            value: 'remembered' as const,
          },
        ]
      : []),
    {
      label: 'Enter values…',
      description: placeholders.map(placeholderText).join(', '),
      value: 'values' as const,
    },
    {
      label: 'Generic plan (no values)',
      description: 'planned for any value, not run',
      value: 'generic' as const,
    },
  ];
  const question = { title: 'Profile Query', placeholder: 'The statement has parameters', choices };
  return { ask: (state, position) => askChoice(question, position, (how) => ({ ...state, how })) };
}

function valueStep(placeholder: Placeholder, { types, remembered }: ParameterRequest): Step<Answers> {
  const type = types[placeholder.position - 1];
  const named = `${placeholderText(placeholder)}${type === undefined ? '' : ` (${type})`}`;
  return {
    skip: (state) => state.how !== 'values',
    ask: (state, position) =>
      askText(
        {
          title: `Value of ${named}`,
          prompt: `The value as text, without quotes, as psql would print it; empty is the empty text.`,
          value: state.values[placeholder.name] ?? remembered?.[placeholder.name] ?? '',
          buttons: [{ icon: 'circle-slash', tooltip: 'NULL', answer: null }],
        },
        position,
        (value) => ({ ...state, values: { ...state.values, [placeholder.name]: value } }),
      ),
  };
}

/** "$1" or ":name", as it stands in the statement. */
function placeholderText({ name }: Placeholder): string {
  return /^\d+$/.test(name) ? `$${name}` : `:${name}`;
}

function valuesText(placeholders: readonly Placeholder[], values: ParameterAnswers): string {
  return placeholders
    .map((placeholder) => `${placeholderText(placeholder)} = ${values[placeholder.name] ?? 'NULL'}`)
    .join(', ');
}
