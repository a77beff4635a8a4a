/** On narrow screens the menu folds behind its button. */
export function foldMenu() {
  const button = document.querySelector('[data-menu-toggle]');
  if (!button) return;
  const menu = document.getElementById(button.getAttribute('aria-controls'));
  button.hidden = false;
  menu.classList.add('folded');
  button.addEventListener('click', () => {
    const folded = menu.classList.toggle('folded');
    button.setAttribute('aria-expanded', String(!folded));
  });
}
