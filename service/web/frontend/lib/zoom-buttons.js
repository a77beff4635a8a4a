/** `[data-zoom]` in, out, fit: the buttons beside a diagram; `fit` shows all of it. */
export function wireZoom(element, viewer, fit) {
  const actions = {
    in: () => viewer.get('zoomScroll').stepZoom(1),
    out: () => viewer.get('zoomScroll').stepZoom(-1),
    fit,
  };
  for (const button of element.querySelectorAll('[data-zoom]')) {
    button.addEventListener('click', actions[button.dataset.zoom]);
  }
}
