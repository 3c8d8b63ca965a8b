/** Types of .esbuild.mjs for the tests that use it. */
import type { BuildOptions } from 'esbuild';

export declare const bundles: Readonly<Record<string, BuildOptions>>;
export declare const styleSheet: BuildOptions;
export declare const assets: readonly (readonly [from: string, to: string])[];
export declare function buildAll(options?: { readonly watch?: boolean }): Promise<void>;
