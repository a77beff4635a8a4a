/**
 * Asks once more before a decision is submitted: it cannot be taken back. Resolves to whether the
 * person stands by it. The dialog is in the page (`#confirm-outcome`), with its texts.
 */
export function confirmOutcome(button, comment) {
  const dialog = document.getElementById('confirm-outcome');
  dialog.querySelector('[data-label]').textContent = button.textContent.trim();
  const opinion = dialog.querySelector('[data-opinion]');
  opinion.textContent = comment?.trim() ?? '';
  opinion.closest('[data-opinion-row]').hidden = !opinion.textContent;
  return new Promise((resolve) => {
    dialog.returnValue = '';
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'confirm'), {
      once: true,
    });
    dialog.showModal();
    dialog.querySelector('[value=confirm]').focus();
  });
}
