/** `[data-shows=id]` is a check box that shows what is typed into that password field. */
export function showPasswords() {
  document.addEventListener('change', (event) => {
    const ids = event.target.dataset?.shows;
    if (!ids) return;
    for (const id of ids.split(' ')) {
      document.getElementById(id).type = event.target.checked ? 'text' : 'password';
    }
  });
}
