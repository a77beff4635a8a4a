import { _ } from './texts.js';

const region = () => document.getElementById('notices');

/** Shows a notice in the page's live region; an error stays until it is closed. */
export function notify(message, { kind = 'success', html = null } = {}) {
  const notice = document.createElement('div');
  notice.className = `alert alert-${kind} alert-dismissible notice`;
  notice.setAttribute('role', kind === 'success' ? 'status' : 'alert');
  const body = document.createElement('div');
  if (html) body.append(...html);
  else body.textContent = message;
  notice.append(body, closeButton(notice));
  region().replaceChildren(notice);
  notice.scrollIntoView({ block: 'nearest' });
  return notice;
}

/**
 * What to show when the session has ended: sign in elsewhere, nothing in this page is lost. `said`
 * stands before the link, `then` after it.
 */
export function signInParts(
  said = _('登录已过期，没有提交；本页内容还在。请'),
  then = _('，登录后回到这里再点一次提交。'),
) {
  const link = document.createElement('a');
  link.href = `${signInPath()}?resume=1`;
  link.target = '_blank';
  link.rel = 'noopener';
  link.className = 'alert-link';
  link.textContent = _('在新窗口登录');
  return [said, link, then];
}

/** Where the people that this page is for sign in: those of the house, or the public. */
export function signInPath() {
  return document.body.dataset.signIn ?? '/sign-in';
}

function closeButton(notice) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn-close';
  button.setAttribute('aria-label', _('关闭提示'));
  button.addEventListener('click', () => notice.remove());
  return button;
}
