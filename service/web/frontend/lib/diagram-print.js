/** Pixels of the diagram left free around it on paper. */
const EDGE = 10;

/**
 * On paper the whole diagram is shown, as wide as the paper is, whatever part of it is on the
 * screen. `[data-print]` prints the diagram alone, lying.
 */
export function wirePrinting(element, viewer) {
  const svg = element.querySelector('.djs-container > svg');
  const layer = svg.querySelector('.viewport');
  let shown;
  window.addEventListener('beforeprint', () => {
    const { x, y, width, height } = viewer.get('canvas').viewbox().inner;
    const all = [x - EDGE, y - EDGE, width + 2 * EDGE, height + 2 * EDGE];
    shown = layer.getAttribute('transform');
    layer.removeAttribute('transform');
    svg.setAttribute('viewBox', all.join(' '));
  });
  window.addEventListener('afterprint', () => {
    svg.removeAttribute('viewBox');
    if (shown) layer.setAttribute('transform', shown);
    delete document.documentElement.dataset.printing;
  });
  const button = element.querySelector('[data-print]');
  button.hidden = false;
  button.addEventListener('click', () => {
    document.documentElement.dataset.printing = 'diagram';
    window.print();
  });
}
