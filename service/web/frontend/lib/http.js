import { _ } from './texts.js';

/** What the server refused, or that it was not reached (`status` 0). `message` is for people. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail);
    this.name = 'Refusal';
    this.status = status;
    /** `{path: [messages]}` of a refused form, else empty. */
    this.errors = problem.errors ?? {};
    this.requestId = problem.requestId ?? '';
  }

  get signedOut() {
    return this.status === 401;
  }
}

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

/** Sends JSON and returns the JSON that comes back; throws a Refusal. */
export async function send(method, url, body, options = {}) {
  const request = {
    method,
    headers: { Accept: 'application/json', 'X-CSRFToken': csrfToken() },
    redirect: 'error',
    ...options,
  };
  if (body !== undefined) {
    request.headers['Content-Type'] = 'application/json';
    request.body = JSON.stringify(body);
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
    detail: _('网络不通，没有提交；本页内容还在，请检查网络后再试。'),
  });
}
