import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './diagram.css';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { wirePrinting } from './diagram-print.js';
import { Refusal, send } from './http.js';
import { _ } from './texts.js';
import { wireZoom } from './zoom-buttons.js';

/** Below this zoom the names of the steps cannot be read. */
const READABLE = 0.75;

/** What bpmn-js says of a diagram that a program wrote without drawing it. */
const NO_PICTURE = 'no diagram to display';

/** Pixels around the diagram, and of the lowest canvas. */
const MARGIN = 40;
const LOWEST = 220;

/**
 * `{url}` answers `{xml, done: [ids], current: [{id, label}], terminated: [{id, label}]}`; loaded
 * when it comes into view.
 */
export function mountDiagram(element, { url }) {
  const canvas = element.querySelector('[data-canvas]');
  const observer = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    observer.disconnect();
    show(element, canvas, url);
  });
  observer.observe(canvas);
}

async function show(element, canvas, url) {
  try {
    const picture = await send('GET', url);
    const viewer = new NavigatedViewer({
      container: canvas,
      // The wheel belongs to the page; the buttons zoom.
      zoomScroll: { enabled: false },
    });
    await viewer.importXML(picture.xml);
    mark(viewer, picture);
    fit(viewer, canvas);
    wireZoom(element, viewer, () => viewer.get('canvas').zoom('fit-viewport', 'auto'));
    wirePrinting(element, viewer);
    element.dataset.ready = '';
  } catch (refusal) {
    const message =
      refusal instanceof Refusal ? refusal.message : _('流程图无法显示；步骤见下方文字。');
    tellInWords(element, canvas, message);
    if (!(refusal instanceof Refusal) && refusal.message !== NO_PICTURE) throw refusal;
  }
}

/** What cannot be drawn offers nothing to zoom. */
function tellInWords(element, canvas, message) {
  canvas.textContent = message;
  canvas.style.height = 'auto';
  for (const button of element.querySelectorAll('[data-zoom]')) button.hidden = true;
  element.querySelector('details').open = true;
}

function mark(viewer, { done, current, terminated }) {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  for (const id of done) if (registry.get(id)) canvas.addMarker(id, 'step-done');
  for (const { id, label } of current) {
    if (!registry.get(id)) continue;
    canvas.removeMarker(id, 'step-done');
    canvas.addMarker(id, 'step-current');
    tell(viewer, id, badge(label, 'step-badge'));
  }
  for (const { id, label } of terminated) {
    if (!registry.get(id)) continue;
    canvas.addMarker(id, 'step-terminated');
    tell(viewer, id, badge(label, 'step-badge step-badge-terminated'));
  }
}

function tell(viewer, id, html) {
  viewer.get('overlays').add(id, { position: { top: -14, left: 0 }, html });
}

function badge(label, className) {
  const element = document.createElement('div');
  element.className = className;
  element.textContent = label;
  return element;
}

/** Shows all of the diagram where it stays readable, else the part around what is current. */
function fit(viewer, element) {
  const canvas = viewer.get('canvas');
  const { inner, outer } = canvas.viewbox();
  const zoom = Math.min(1, Math.max(READABLE, (outer.width - MARGIN) / inner.width));
  const height = Math.min(inner.height * zoom + MARGIN, 0.8 * window.innerHeight);
  element.style.height = `${Math.max(height, LOWEST)}px`;
  canvas.resized();
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() >= READABLE) return;
  canvas.zoom(READABLE);
  const current = viewer
    .get('elementRegistry')
    .find((one) => canvas.hasMarker(one, 'step-current'));
  if (current) canvas.scrollToElement(current, 80);
}
