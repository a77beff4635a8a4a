import { csrfToken } from './http.js';
import { notify } from './notices.js';
import { _ } from './texts.js';

/** What every htmx request needs: the token, a word when the net is down, a place for the focus. */
export function watchFragments(htmx) {
  document.addEventListener('htmx:configRequest', ({ detail }) => {
    detail.headers['X-CSRFToken'] = csrfToken();
  });
  document.addEventListener('htmx:sendError', () => {
    notify(_('网络不通，请检查网络后再试。'), { kind: 'danger' });
  });
  // After 加载更多 the pressed button is gone: go on at the first new line.
  document.addEventListener('htmx:afterSettle', ({ detail }) => {
    if (detail.requestConfig?.elt?.matches('[data-more]')) {
      const wanted = new URL(detail.pathInfo.finalRequestPath, location.href).searchParams;
      document.querySelector(`[data-page="${CSS.escape(wanted.get('after') ?? '')}"] a`)?.focus();
    }
  });
  htmx.process(document.body);
}
