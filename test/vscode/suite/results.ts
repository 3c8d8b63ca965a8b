/** What the suite in the extension host tells the test that started it. */
export interface SuiteResults {
  readonly vscodeVersion: string;
  readonly activationMs: number;
  readonly checks: readonly { readonly name: string; readonly error?: string }[];
}
