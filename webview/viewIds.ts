/** The views of a plan. Kept apart from the views themselves, for the state names them. */

export const viewIds = ['table', 'icicle', 'diagram', 'workers', 'statistics', 'buffers', 'source'] as const;

/** Where figures can be those of an average loop: elsewhere parts must add up, or a run is shown as it was. */
export const loopViews: ReadonlySet<ViewId> = new Set(['table', 'diagram']);

export type ViewId = (typeof viewIds)[number];
