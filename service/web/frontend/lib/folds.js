/**
 * `[data-folds]` opens and folds what it controls, where the styles let it: on narrow screens.
 * Without scripts everything stays open.
 */
export function foldParts() {
  for (const button of document.querySelectorAll('[data-folds]')) {
    const part = document.getElementById(button.getAttribute('aria-controls'));
    button.hidden = false;
    part.classList.toggle('folded', button.getAttribute('aria-expanded') === 'false');
    button.addEventListener('click', () => {
      const folded = part.classList.toggle('folded');
      button.setAttribute('aria-expanded', String(!folded));
    });
  }
}
