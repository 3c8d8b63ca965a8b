/** What can be seen of the plan, as the state keeps it. */
import type { Panel } from '../panel.ts';
import type { Viewport } from '../state.ts';

/** What can be seen of the plan's view. */
export function viewportOf({ scrollTop, scrollLeft, clientHeight, clientWidth }: Element): Viewport {
  return { topPx: scrollTop, leftPx: scrollLeft, heightPx: clientHeight, widthPx: clientWidth };
}

export function onScroll(panel: Panel, event: Event): void {
  panel.dispatch({ type: 'tree/scroll', viewport: viewportOf(event.currentTarget as HTMLElement) });
}
