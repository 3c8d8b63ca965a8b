/** Runs in a page: when it is ready to use, and how many elements it has. See loadProbe.ts. */

/** Nothing happening for so long means that nothing will: longer than any pause between the steps of what is measured. */
const quietMs = 1000;
/** What the browser calls a long task: from here on people see that a page stutters. */
const longTaskMs = 50;

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

let counting = false;
let mostElements = 0;

/** Counts the document's elements at every frame, until `stopCounting`. */
export function countElements(): void {
  counting = true;
  mostElements = 0;
  const elements = document.getElementsByTagName('*');
  const count = () => {
    mostElements = Math.max(mostElements, elements.length);
    if (counting) requestAnimationFrame(count);
  };
  count();
}

/** The most that there were; waits for what is still to be drawn. */
export async function stopCounting(): Promise<number> {
  await frameEnd();
  await frameEnd();
  counting = false;
  return mostElements;
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
