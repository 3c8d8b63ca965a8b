/** The two questions of multi-step flows, as quick inputs with back and the step count. */
import * as vscode from 'vscode';
import type { StepOutcome, StepPosition } from './multiStep.ts';
import { next } from './multiStep.ts';

export interface TextQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /** Another answer than a text: its button's icon (a codicon), its name, and what it answers. */
  readonly buttons?: readonly {
    readonly icon: string;
    readonly tooltip: string;
    readonly answer: string | null;
  }[];
  /** A sentence when the text will not do. */
  validate?(text: string): string | undefined;
}

export interface Choice<V> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: V;
}

export interface ChoiceQuestion<V> {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly Choice<V>[];
  /** Preselected. */
  readonly current?: V;
}

/** Asks for a text; `null` comes from a button only. */
export function askText<T>(
  question: TextQuestion,
  position: StepPosition,
  answered: (text: string | null) => T,
): Promise<StepOutcome<T>> {
  const input = vscode.window.createInputBox();
  input.prompt = question.prompt;
  input.value = question.value ?? '';
  input.placeholder = question.placeholder;
  input.password = question.password ?? false;
  const extra = (question.buttons ?? []).map((button) => ({
    iconPath: new vscode.ThemeIcon(button.icon),
    tooltip: button.tooltip,
    answer: button.answer,
  }));
  input.buttons = [...backButton(position), ...extra];
  return ask<T>(input, question.title, position, (settle) => {
    input.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) settle({ to: 'back' });
      const chosen = extra.find((candidate) => candidate === button);
      if (chosen) settle(next(answered(chosen.answer)));
    });
    input.onDidChangeValue(() => {
      input.validationMessage = undefined;
    });
    input.onDidAccept(() => {
      const refusal = question.validate?.(input.value);
      if (refusal === undefined) settle(next(answered(input.value)));
      else input.validationMessage = refusal;
    });
  });
}

/** Asks for one of several choices. */
export function askChoice<V, T>(
  question: ChoiceQuestion<V>,
  position: StepPosition,
  answered: (value: V) => T,
): Promise<StepOutcome<T>> {
  const picker = vscode.window.createQuickPick<Choice<V>>();
  picker.placeholder = question.placeholder;
  picker.items = question.choices;
  const current = question.choices.filter((choice) => choice.value === question.current);
  if (current.length > 0) picker.activeItems = current;
  picker.buttons = backButton(position);
  return ask<T>(picker, question.title, position, (settle) => {
    picker.onDidTriggerButton(() => settle({ to: 'back' }));
    picker.onDidAccept(() => {
      const [choice] = picker.selectedItems;
      if (choice) settle(next(answered(choice.value)));
    });
  });
}

function backButton(position: StepPosition): vscode.QuickInputButton[] {
  return position.canGoBack ? [vscode.QuickInputButtons.Back] : [];
}

function ask<T>(
  input: vscode.QuickInput,
  title: string,
  position: StepPosition,
  listen: (settle: (outcome: StepOutcome<T>) => void) => void,
): Promise<StepOutcome<T>> {
  input.title = title;
  input.step = position.step;
  input.totalSteps = position.total;
  // A half-filled form survives a look at another window, where the address stands.
  input.ignoreFocusOut = true;
  return new Promise((resolve) => {
    const settle = (outcome: StepOutcome<T>) => {
      resolve(outcome);
      input.dispose();
    };
    listen(settle);
    input.onDidHide(() => settle({ to: 'stop' }));
    input.show();
  });
}
