/** The views of a plan. Kept apart from the views themselves, for the state names them. */

export const viewIds = ['table', 'icicle', 'diagram', 'workers', 'statistics', 'buffers', 'source'] as const;

export type ViewId = (typeof viewIds)[number];
