import { send } from './http.js';

/**
 * Asks who is signed in in this browser and takes over the fresh CSRF token, so that a page that
 * was open when the session ended can go on after signing in in another window.
 */
export async function renewSession() {
  const session = await send('GET', '/session');
  document.querySelector('meta[name="csrf-token"]').content = session.csrfToken;
  return { samePerson: session.username === document.body.dataset.username };
}
