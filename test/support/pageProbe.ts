/** Runs in a page: when it is ready to use, and how long its main thread was busy at a stretch. See openProbe.ts. */

/** Nothing happening for so long means that nothing will: longer than any pause between the steps of what is measured. */
const quietMs = 1000;
/** What the browser calls a long task: from here on people see that a page stutters. */
const longTaskMs = 50;

export interface Watch {
  /** The longest time for which an event would have waited: one task, or the drawing of one frame. */
  readonly longestTaskMs: number;
  readonly mostElements: number;
}

/**
 * Milliseconds from `open` until the page can be used: to the end (drawing included) of the last frame in which an element
 * or a text was added, removed or changed, or for which the main thread was busy. Changes of attributes alone do not
 * count: an animation that runs on does not keep anybody from reading.
 */
export async function readyAfter(open: () => void): Promise<number> {
  let changed = false;
  const observer = new MutationObserver(() => {
    changed = true;
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true });
  const startMs = performance.now();
  let readyMs = startMs;
  let lastMs = startMs;
  open();
  for (let nowMs = startMs; nowMs - readyMs < quietMs; lastMs = nowMs) {
    await frameEnd();
    nowMs = performance.now();
    if (changed || nowMs - lastMs > longTaskMs) readyMs = nowMs;
    changed = false;
  }
  observer.disconnect();
  return readyMs - startMs;
}

let stopWatching: (() => Watch) | undefined;

/** Watches until `unwatch`: a chain of empty tasks, between which everything else runs. */
export function watch(): void {
  let watching = true;
  let longestTaskMs = 0;
  let mostElements = 0;
  let lastMs = performance.now();
  const elements = document.getElementsByTagName('*');
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => {
    const nowMs = performance.now();
    longestTaskMs = Math.max(longestTaskMs, nowMs - lastMs);
    mostElements = Math.max(mostElements, elements.length);
    // Counting is not the page's work.
    lastMs = performance.now();
    if (watching) port2.postMessage(0);
  });
  port1.start();
  port2.postMessage(0);
  stopWatching = () => {
    watching = false;
    return { longestTaskMs, mostElements };
  };
}

export async function unwatch(): Promise<Watch> {
  await frameEnd();
  await frameEnd();
  if (stopWatching === undefined) throw new Error('Nothing is watched.');
  return stopWatching();
}

/** Behind the next frame's drawing. */
export function frameEnd(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => resolve());
      port1.start();
      port2.postMessage(0);
    });
  });
}
