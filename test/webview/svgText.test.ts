/** Saved pictures: well-formed, self-contained, and text stays text. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ProfileReport } from '../../src/shared/report.ts';
import { drawDiagram } from '../../webview/diagramDrawing.ts';
import { layoutDiagram } from '../../webview/diagramLayout.ts';
import { fitText, type Drawing } from '../../webview/drawing.ts';
import { drawIcicle } from '../../webview/icicleDrawing.ts';
import { layoutIcicle } from '../../webview/icicleLayout.ts';
import { buildPlanModel } from '../../webview/planModel.ts';
import { hexColour, svgText, type Palette } from '../../webview/svgText.ts';
import { nodeOf, planOfNodes, reportOf } from '../support/reports.ts';
import { xmlElements } from '../support/xmlElements.ts';
import { bigPlan, hostileReport, reportOfRecorded, slowDeployments } from './panelReports.ts';

const measure = (text: string) => text.length * 7;
const palette: Palette = { colourOf: () => '#123456', fontFamily: '"Segoe UI", sans-serif' };

const drawings: Readonly<Record<string, (report: ProfileReport) => Drawing>> = {
  icicle: ({ plan, findings }) => {
    const model = buildPlanModel(plan, findings);
    return drawIcicle(model, layoutIcicle(model), { widthPx: 1200, zoomedId: '0', focusedId: '' }, measure);
  },
  diagram: ({ plan, findings }) => {
    const model = buildPlanModel(plan, findings);
    return drawDiagram(model, layoutDiagram(model, new Set()), measure);
  },
};

const control = 'tab\u0001\u001b[31m\ud800<&>"\'\u202e';
const reports: Readonly<Record<string, ProfileReport>> = {
  slow: slowDeployments(),
  'cost only': reportOfRecorded('seed_slow_deployments.cost.json'),
  hostile: hostileReport(),
  'control characters': reportOf(
    planOfNodes([nodeOf({ type: control, relation: control, totalMs: 1, selfMs: 1, rows: 1, loops: 1 })]),
  ),
  big: bigPlan(1000),
};

for (const [kind, draw] of Object.entries(drawings)) {
  describe(`an SVG of the ${kind}`, () => {
    for (const [name, report] of Object.entries(reports)) {
      test(name, () => {
        const title = name === 'hostile' ? report.sql! : 'A title';
        const xml = svgText({ drawing: draw(report), title, notes: ['<note>'] }, palette);
        const { elements, text } = xmlElements(xml);
        const known = new Set(['svg', 'g', 'title', 'rect', 'path', 'text']);
        assert.deepEqual(
          elements.filter((each) => !known.has(each.name)),
          [],
        );
        for (const { attributes } of elements) {
          for (const [attribute, value] of Object.entries(attributes)) {
            assert.doesNotMatch(attribute, /^on|href|style|class/);
            if (attribute !== 'aria-label') assert.doesNotMatch(value, /var\(|color-mix|NaN|undefined|url\(/);
          }
        }
        assert.ok(text.includes('<note>'));
        assert.ok(
          name !== 'hostile' || text.includes('<img src=x onerror='),
          'hostile names are there, as text',
        );
      });
    }
  });
}

test('every step of the plan is in the picture of the diagram', () => {
  const { elements } = xmlElements(
    svgText({ drawing: drawings['diagram']!(slowDeployments()), title: '', notes: [] }, palette),
  );
  assert.equal(elements.filter(({ name }) => name === 'title').length, slowDeployments().plan.nodes.length);
});

describe('colours as every program reads them', () => {
  const check = (computed: string, expected: string) =>
    test(computed, () => assert.equal(hexColour(computed, [0, 0, 0]), expected));
  check('rgb(31, 31, 31)', '#1f1f1f');
  check('rgba(255, 255, 255, 0.5)', '#808080');
  check('color(srgb 1 0.5 0)', '#ff8000');
  check('color(srgb 1 1 1 / 0.25)', '#404040');
  check('color(srgb 1.02 -0.1 5e-7)', '#ff0000');
});

describe('texts are cut to fit', () => {
  const check = (text: string, widthPx: number, expected: string) =>
    test(`${text} in ${widthPx} px`, () => assert.equal(fitText(text, widthPx, 'usual', measure), expected));
  check('Seq Scan', 56, 'Seq Scan');
  check('Seq Scan', 55, 'Seq Sc…');
  check('Seq Scan', 41, 'Seq…');
  check('Seq Scan', 20, '');
  check('', 0, '');
  check('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 130, '👩‍👩‍👧👩‍👩‍👧…');
});
