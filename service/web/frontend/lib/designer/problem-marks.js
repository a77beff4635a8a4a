import { _ } from '../texts.js';
import { elementOf } from './drawn-elements.js';
import { explanation, severityText } from './problems.js';

const OVERLAY = 'problem';
const BUBBLE = 'problem-bubble';

/**
 * Marks on the elements of a diagram: each says how many problems its element has; pressed, it
 * selects the element and tells the reasons beside it.
 */
export function marker(viewer) {
  const overlays = viewer.get('overlays');
  const byElement = new Map();
  viewer.on('selection.changed', () => overlays.remove({ type: BUBBLE }));

  function show(problems) {
    overlays.remove({ type: OVERLAY });
    overlays.remove({ type: BUBBLE });
    byElement.clear();
    for (const problem of problems) {
      const element = elementOf(viewer, problem.elementId);
      if (!element || isPlane(element)) continue;
      byElement.set(element, [...(byElement.get(element) ?? []), problem]);
    }
    for (const [element, found] of byElement) {
      overlays.add(element, OVERLAY, {
        position: place(element),
        scale: false,
        html: mark(element, found, () => lead(element)),
      });
    }
  }

  function lead(element) {
    overlays.remove({ type: BUBBLE });
    viewer.get('selection', false)?.select(element);
    if (isPlane(element)) return;
    viewer.get('canvas').scrollToElement(element, 120);
    const found = byElement.get(element);
    if (!found) return;
    // The tools beside a selected element would lie over the reasons.
    viewer.get('contextPad', false)?.close();
    overlays.add(element, BUBBLE, {
      position: { bottom: -12, left: 0 },
      scale: false,
      html: bubble(found, () => overlays.remove({ type: BUBBLE })),
    });
  }

  return { show, lead };
}

function isPlane(element) {
  return !element.parent;
}

function place(element) {
  return element.waypoints ? { top: -10, left: 0 } : { top: -14, right: 14 };
}

function mark(element, problems, press) {
  const worst = ['error', 'warning', 'notice'].find((one) =>
    problems.some(({ severity }) => severity === one),
  );
  const name = element.businessObject.name || element.id;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = `problem-mark problem-mark-${worst}`;
  button.dataset.element = element.id;
  button.textContent = problems.length;
  button.title = _('{name}：{count} 处{kind}', {
    name,
    count: problems.length,
    kind: severityText(worst),
  });
  button.setAttribute('aria-label', button.title);
  button.addEventListener('click', press);
  return button;
}

function bubble(problems, close) {
  const box = document.createElement('div');
  box.className = 'problem-bubble';
  box.setAttribute('role', 'status');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn-close';
  button.setAttribute('aria-label', _('关闭'));
  button.addEventListener('click', close);
  box.append(button, ...problems.map(explanation));
  return box;
}
