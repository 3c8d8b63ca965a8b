/** The buttons that save a drawing as a file; the host asks where. */
import { html, nothing, type TemplateResult } from 'lit';
import { verdict } from '../../src/shared/verdict.ts';
import { pngBase64 } from '../canvasPicture.ts';
import type { Panel } from '../panel.ts';
import type { PlanModel } from '../planModel.ts';
import { svgText, type Picture } from '../svgText.ts';
import { themePalette } from '../themePalette.ts';
import { noticeAt } from './notice.ts';

const place = 'picture';

/** The verdict of the plan that is drawn, which need not be the measured one. */
export function pictureTitle({ state }: Panel, { plan }: PlanModel): string {
  if (state.report === undefined) return '';
  const sentence = verdict({ ...state.report, plan });
  return state.shownSuggestionId === undefined ? sentence : `With the suggestion in place: ${sentence}`;
}

/** `pictureOf` is called when a button is pressed: the whole plan is drawn, not what is in view. */
export function savePicture(panel: Panel, pictureOf: () => Picture): TemplateResult | typeof nothing {
  const { abilities, busyPlace } = panel.state;
  if (!abilities.saveImage) return nothing;
  const saveSvg = () =>
    panel.ask(place, { type: 'image/save', kind: 'svg', data: svgText(pictureOf(), themePalette()) });
  const savePng = () => {
    pngBase64(pictureOf(), themePalette()).then(
      (data) => panel.ask(place, { type: 'image/save', kind: 'png', data }),
      (error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        panel.dispatch({ type: 'request/end', notice: { place, ok: false, text } });
      },
    );
  };
  const busy = busyPlace !== undefined;
  return html`<span class="save">
      <button
        class="toggle"
        ?disabled=${busy}
        title="The whole plan as a drawing that stays sharp"
        @click=${saveSvg}
      >
        Save as SVG
      </button>
      <button class="toggle" ?disabled=${busy} title="The whole plan as an image" @click=${savePng}>
        Save as PNG
      </button>
    </span>
    ${noticeAt(panel, place)}`;
}
