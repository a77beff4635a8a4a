/** `[data-opens=id]` opens that `<dialog>`, `[data-closes]` inside closes it; Esc does by itself. */
export function openDialogs() {
  document.addEventListener('click', (event) => {
    const opener = event.target.closest('[data-opens]');
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    const closer = event.target.closest('[data-closes]');
    if (closer) closer.closest('dialog').close();
  });
}
