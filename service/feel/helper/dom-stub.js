/**
 * As much of a document as form-js asks for while it is loaded and a form is made without a page.
 * Nothing is ever drawn.
 */
const element = () => ({
  classList: { add() {} },
  style: {},
  content: {},
  childNodes: [],
  parentNode: null,
  setAttribute() {},
  appendChild() {},
  addEventListener() {},
  querySelector: () => null,
});

const document = {
  createElement: element,
  createElementNS: element,
  createTextNode: element,
  createDocumentFragment: element,
  addEventListener() {},
  querySelector: () => null,
  documentElement: element(),
  body: element(),
  implementation: {},
};

const CLASSES = [
  'KeyboardEvent', 'MutationObserver', 'ResizeObserver', 'DOMParser', 'HTMLElement',
  'HTMLCollection', 'NodeList', 'Node', 'Element',
];

globalThis.window ??= globalThis;
globalThis.self ??= globalThis;
globalThis.document ??= document;
for (const name of CLASSES) {
  globalThis[name] ??= class {};
}
