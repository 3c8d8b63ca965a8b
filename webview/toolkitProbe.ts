/**
 * While it loads, the toolkit's base (fast-web-utilities, canUseFocusVisible) puts an empty <style> into the document to learn
 * whether the browser knows :focus-visible. The panel's CSP blocks that, logs a violation, and the toolkit would fall back to
 * focus rings on every click. So the probe gets a constructed sheet, which CSP allows; import this file before the toolkit.
 */
document.createElement = (tag: string, options?: ElementCreationOptions): HTMLElement => {
  const create = (name: string) => Document.prototype.createElement.call(document, name, options);
  return tag === 'style' ? Object.assign(create('span'), { sheet: new CSSStyleSheet() }) : create(tag);
};

/** To be called once the toolkit is loaded: the document is as it was. */
export function endProbe(): void {
  delete (document as { createElement?: unknown }).createElement;
}
