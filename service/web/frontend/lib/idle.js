import { Refusal, renewSession } from './http.js';
import { notify, signInParts } from './notices.js';
import { _ } from './texts.js';

const WARNING_SECONDS = 120;
let timer = null;

/** Tells two minutes ahead that the server will end an idle session; any request puts it off. */
export function warnBeforeIdleExit() {
  const seconds = Number(document.body.dataset.idleSeconds);
  if (!seconds) return;
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(warn, Math.max(seconds - WARNING_SECONDS, seconds / 2) * 1000, restart);
  };
  document.addEventListener('htmx:afterOnLoad', restart);
  document.addEventListener('jiaoyan:answered', restart);
  restart();
}

function warn(restart) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn btn-sm ms-2';
  button.textContent = _('继续使用');
  const notice = notify('', {
    kind: 'warning',
    html: [_('长时间没有操作，系统即将退出登录。已填写的内容会保存为草稿。'), button],
  });
  button.addEventListener('click', async () => {
    try {
      await renewSession();
      notice.remove();
      restart();
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      notify(refusal.message, { kind: 'danger', html: refusal.signedOut ? signInParts() : null });
    }
  });
}
