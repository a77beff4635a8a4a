import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import '@bpmn-io/properties-panel/assets/properties-panel.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import zeebeBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import Modeler from 'bpmn-js/lib/Modeler';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
} from 'bpmn-js-properties-panel';
import minimap from 'diagram-js-minimap';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import { wireZoom } from '../zoom-buttons.js';
import bureauProperties from './bureau-properties.js';
import designReferences from './design-references.js';
import { elementOf } from './drawn-elements.js';
import { marker } from './problem-marks.js';
import referenceProperties from './reference-properties.js';
import runningProperties from './running-properties.js';
import { translator } from './translator.js';
import bpmnWords from './words-bpmn.json';
import propertiesWords from './words-properties.json';

const words = translator({ ...bpmnWords, ...propertiesWords });

/** Pixels that the palette takes at the left. */
const PALETTE = 130;
const MARGIN = 20;

/** Pixels above a small diagram, so that it can be continued upwards as well. */
const HEADROOM = 120;

/** Shows a diagram to be changed with its properties, or to be read. Rejects what is none. */
export async function open(element, { content, readOnly, onChange, urls }) {
  const canvas = element.querySelector('[data-canvas]');
  const properties = element.querySelector('[data-properties]');
  const viewer = readOnly ? reader(canvas) : modeler(canvas, properties, urls.references);
  try {
    await viewer.importXML(content);
  } catch (error) {
    viewer.destroy();
    properties.hidden = true;
    throw error;
  }
  const fitAll = () => fit(viewer.get('canvas'), readOnly ? 0 : PALETTE);
  fitAll();
  wireZoom(element, viewer, fitAll);
  viewer.on('commandStack.changed', onChange);
  new ResizeObserver(() => viewer.get('canvas').resized()).observe(canvas);
  const marks = marker(viewer);
  return {
    content: async () => (readOnly ? content : (await viewer.saveXML({ format: true })).xml),
    mark: marks.show,
    select(problem) {
      const shape = elementOf(viewer, problem.elementId);
      if (shape) marks.lead(shape);
    },
    settle: async () => {
      if (!canvas.contains(document.activeElement)) document.activeElement?.blur();
      viewer.get('directEditing', false)?.complete();
    },
  };
}

/** All of the diagram, beside the palette, never larger than drawn. */
function fit(canvas, left) {
  const { inner, outer } = canvas.viewbox();
  const width = outer.width - left - 2 * MARGIN;
  const height = outer.height - 2 * MARGIN;
  const scale = Math.min(1, width / inner.width, height / inner.height);
  if (!Number.isFinite(scale) || scale <= 0) return;
  canvas.viewbox({
    x: inner.x - (left + MARGIN) / scale,
    y: inner.y - Math.max(MARGIN, Math.min(HEADROOM, (height - inner.height * scale) / 2)) / scale,
    width: outer.width / scale,
    height: outer.height / scale,
  });
}

function reader(canvas) {
  return new NavigatedViewer({
    container: canvas,
    additionalModules: [words],
    moddleExtensions: { zeebe },
  });
}

function modeler(canvas, properties, referencesUrl) {
  properties.hidden = false;
  return new Modeler({
    container: canvas,
    propertiesPanel: { parent: properties },
    // What is typed counts at once, or a quick second change of the same field is lost.
    debounceInput: false,
    referencesUrl,
    moddleExtensions: { zeebe },
    additionalModules: [
      words,
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      zeebeBehaviors,
      bureauProperties,
      designReferences,
      referenceProperties,
      runningProperties,
      minimap,
    ],
  });
}
