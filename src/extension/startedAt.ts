/** When the bundle's first line ran. Imported first by extension.ts, so that nothing of ours comes before it. */
export const startedAt = performance.now();
