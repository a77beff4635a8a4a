/**
 * Mounts an island: `mount(element, data)` runs once for each `[data-island=name]`, in the page and
 * in what htmx adds to it. `data` is the JSON of the element's own
 * `<script type="application/json">`; browsers never run that type.
 */
export function island(name, mount) {
  const selector = `[data-island="${name}"]:not([data-mounted])`;
  const mountAll = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root instanceof Element && root.matches(selector)) found.unshift(root);
    for (const element of found) {
      element.dataset.mounted = '';
      mount(element, given(element));
    }
  };
  mountAll(document);
  document.addEventListener('htmx:load', (event) => mountAll(event.target));
}

function given(element) {
  const script = element.querySelector(':scope > script[type="application/json"]');
  return script ? JSON.parse(script.textContent) : {};
}
