import { _ } from './texts.js';

/** What the server refused, or that it was not reached (`status` 0). `message` is for people. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail);
    this.name = 'Refusal';
    this.status = status;
    this.code = problem.code ?? '';
    /** `{path: [messages]}` of a refused form, else empty. */
    this.errors = problem.errors ?? {};
    /** Whether the server has kept what was sent as a draft; undefined where it says nothing. */
    this.draftKept = problem.draftKept;
    /** What a refused deployment lists. */
    this.problems = problem.problems ?? [];
  }

  get signedOut() {
    return this.status === 401;
  }
}

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

/**
 * Sends JSON, or a text as it is, and returns the JSON that comes back; throws a Refusal. A page that was open when its
 * person signed in again has an old token: it gets a new one, unless somebody else has signed in.
 */
export async function send(method, url, body, options = {}) {
  try {
    return await attempt(method, url, body, options);
  } catch (refusal) {
    if (refusal.code !== 'page-expired') throw refusal;
    await renewSession();
    return attempt(method, url, body, options);
  }
}

/** Takes over the token of the session as it is now; throws a Refusal where it is another's. */
export async function renewSession() {
  const session = await attempt('GET', '/session');
  if (session.username !== document.body.dataset.username) {
    throw new Refusal(409, {
      code: 'other-person',
      detail: _('现在登录的是另一个账号，不能提交本页；本页内容还在，请换回原来的账号登录。'),
    });
  }
  document.querySelector('meta[name="csrf-token"]').content = session.csrfToken;
}

/** Sends the fields and files of a plain form; answers and refusals as of `send`. */
export function sendFields(url, fields) {
  return attempt('POST', url, fields);
}

async function attempt(method, url, body, options = {}) {
  const request = {
    method,
    headers: { Accept: 'application/json', 'X-CSRFToken': csrfToken() },
    redirect: 'error',
    ...options,
  };
  if (body instanceof FormData) {
    request.body = body;
  } else if (body !== undefined) {
    const isText = typeof body === 'string';
    request.headers['Content-Type'] = isText ? 'text/plain; charset=utf-8' : 'application/json';
    request.body = isText ? body : JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(url, request);
  } catch {
    throw unreachable();
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw refusal(response.status, answer);
  document.dispatchEvent(new CustomEvent('jiaoyan:answered'));
  return answer;
}

/**
 * Uploads one file with a running account of its progress (0 to 1); fetch cannot tell it.
 * Returns `{answer, cancel}`: a promise as of `send`, and a function that stops the upload.
 */
export function sendFile(url, fields, file, onProgress) {
  const request = new XMLHttpRequest();
  const answer = new Promise((resolve, reject) => {
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      const body = request.response ?? {};
      if (request.status >= 200 && request.status < 300) resolve(body);
      else reject(refusal(request.status, body));
    });
    request.addEventListener('error', () => reject(unreachable()));
    request.addEventListener('abort', () => resolve(null));
  });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file);
  request.open('POST', url);
  request.responseType = 'json';
  request.setRequestHeader('Accept', 'application/json');
  request.setRequestHeader('X-CSRFToken', csrfToken());
  request.send(form);
  return { answer, cancel: () => request.abort() };
}

function refusal(status, problem) {
  if (problem?.detail) return new Refusal(status, problem);
  if (status === 413) return new Refusal(status, { detail: _('内容太大，没有提交；本页内容还在。') });
  return new Refusal(status, {
    detail: _('系统没有正常应答（{status}），没有提交；本页内容还在，请稍后再试。', { status }),
  });
}

function unreachable() {
  return new Refusal(0, {
    detail: _('网络不通，没有收到系统的回答；本页内容还在，请检查网络后再试。'),
  });
}
