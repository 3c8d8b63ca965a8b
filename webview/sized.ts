/** Sizes that data decides. The panel's CSP blocks style attributes, so they are set through the CSSOM. */
import { noChange } from 'lit';
import { Directive, directive, PartType, type ElementPart, type PartInfo } from 'lit/directive.js';

type Sizes = Readonly<Record<string, string>>;

class SizedDirective extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('sized() belongs on an element: <div ${sized({…})}>');
  }

  override render(_sizes: Sizes): unknown {
    return noChange;
  }

  override update(part: ElementPart, [sizes]: [Sizes]): unknown {
    const { style } = part.element as HTMLElement;
    for (const [property, value] of Object.entries(sizes)) {
      if (style.getPropertyValue(property) !== value) style.setProperty(property, value);
    }
    return noChange;
  }
}

/** `<div ${sized({ height: '220px', '--pane': '380px' })}>` */
export const sized = directive(SizedDirective);
