/**
 * `[data-folds]` opens and folds what it controls (one part or several), where the styles let it.
 * With `data-folds="outside"` Escape, a click elsewhere and leaving it fold it again. Without
 * scripts everything stays open.
 */
export function foldParts() {
  for (const button of document.querySelectorAll('[data-folds]')) {
    const parts = partsOf(button);
    button.hidden = false;
    fold(button, parts, button.getAttribute('aria-expanded') === 'false');
    button.addEventListener('click', () => {
      fold(button, parts, button.getAttribute('aria-expanded') === 'true');
    });
    if (button.dataset.folds === 'outside') foldFromOutside(button, parts);
  }
}

function partsOf(button) {
  const ids = button.getAttribute('aria-controls').split(' ');
  return ids.map((id) => document.getElementById(id)).filter(Boolean);
}

function fold(button, parts, folded) {
  for (const part of parts) part.classList.toggle('folded', folded);
  button.setAttribute('aria-expanded', String(!folded));
}

function foldFromOutside(button, parts) {
  const within = (node) => button.contains(node) || parts.some((part) => part.contains(node));
  const isOpen = () => button.getAttribute('aria-expanded') === 'true';
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !isOpen()) return;
    const inside = within(document.activeElement);
    fold(button, parts, true);
    if (inside) button.focus();
  });
  document.addEventListener('click', (event) => {
    if (isOpen() && !within(event.target)) fold(button, parts, true);
  });
  for (const part of [button, ...parts]) {
    part.addEventListener('focusout', (event) => {
      if (event.relatedTarget && isOpen() && !within(event.relatedTarget)) {
        fold(button, parts, true);
      }
    });
  }
}
