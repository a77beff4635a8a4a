/** A plain form is sent once: the second click of a double click does nothing. */
export function watchForms() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post' || form.hasAttribute('hx-post') || form.dataset.island) return;
    // What answers with a file leaves the page as it is, to be sent again.
    if ([form, event.submitter].some((one) => one?.hasAttribute('data-again'))) return;
    if ('sent' in form.dataset) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = '';
    form.setAttribute('aria-busy', 'true');
  });
  // The page may come back from the browser's memory: then the form is usable again.
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-sent]')) {
      delete form.dataset.sent;
      form.removeAttribute('aria-busy');
    }
  });
  fillAccounts();
}

/** The demonstration's sign-in page: one click fills in an account. */
function fillAccounts() {
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-fill-username]');
    if (!button) return;
    const form = document.getElementById('sign-in-form');
    form.elements.username.value = button.dataset.fillUsername;
    form.elements.password.value = button.dataset.fillPassword;
    form.querySelector('[type=submit]').focus();
  });
}
