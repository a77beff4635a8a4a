import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';
import DmnModeler from 'dmn-js/lib/Modeler';
import DmnViewer from 'dmn-js/lib/NavigatedViewer';
import { translator } from './translator.js';
import words from './words-dmn.json';

const VIEWS = ['drd', 'decisionTable', 'literalExpression', 'boxedExpression'];

/** Milliseconds until a cell that was left has come into the model. */
const SETTLING = 350;

/** Shows decisions to be changed or to be read, a table first. Rejects what is no such file. */
export async function open(element, { content, readOnly, onChange }) {
  const canvas = element.querySelector('[data-canvas]');
  const view = { additionalModules: [translator(words)] };
  const manager = new (readOnly ? DmnViewer : DmnModeler)({
    container: canvas,
    common: { debounceInput: false },
    ...Object.fromEntries(VIEWS.map((name) => [name, view])),
  });
  watchChanges(manager, onChange);
  try {
    await manager.importXML(content);
    await openFirst(manager);
  } catch (error) {
    manager.destroy();
    throw error;
  }
  return {
    content: async () => (readOnly ? content : (await manager.saveXML({ format: true })).xml),
    mark: () => {},
    select: (problem) => openAt(manager, problem.elementId),
    nameOf: (id) => viewOf(manager, id)?.element.name,
    async settle() {
      if (canvas.contains(document.activeElement)) document.activeElement.blur();
      await new Promise((resolve) => {
        setTimeout(resolve, SETTLING);
      });
    },
  };
}

/** Each view has a command stack of its own, made when the view is first opened. */
function watchChanges(manager, onChange) {
  const watched = new WeakSet();
  manager.on('views.changed', () => {
    const viewer = manager.getActiveViewer();
    if (!viewer || watched.has(viewer)) return;
    watched.add(viewer);
    viewer.on('commandStack.changed', onChange);
  });
}

async function openFirst(manager) {
  const views = manager.getViews();
  const tables = views.filter(({ type }) => type === 'decisionTable');
  const wanted = tables.length === 1 ? tables[0] : views.find(({ type }) => type === 'drd');
  if (wanted) await manager.open(wanted);
}

/** Opens the view of the decision that holds the element. */
function openAt(manager, id) {
  const view = viewOf(manager, id);
  if (view) manager.open(view);
}

function viewOf(manager, id) {
  return manager.getViews().find(({ type, element }) => type !== 'drd' && holds(element, id));
}

function holds(element, id) {
  if (!element || typeof element !== 'object') return false;
  if (element.id === id) return true;
  const parts = element.$descriptor?.properties ?? [];
  return parts
    .filter(({ isReference, name }) => !isReference && !name.startsWith('$'))
    .flatMap(({ name }) => element.get(name) ?? [])
    .some((part) => holds(part, id));
}
