import { _ } from '../texts.js';

const SEVERITIES = ['error', 'warning', 'notice'];

/** An error of the design itself, or of one that it needs and that has no version yet. */
export function hinders({ severity, design }) {
  return severity === 'error' && !design?.newest;
}

/** What a severity is called, for the list and the marks alike. */
export function severityText(severity) {
  return { error: _('错误'), warning: _('提醒'), notice: _('说明') }[severity];
}

/**
 * Lists the problems, errors first, each with a button that leads to its element by
 * `editor.select(problem)`; `editor.nameOf(id)` says what people call what the check has no name of.
 */
export function showProblems(region, problems, editor) {
  const list = region.querySelector('[data-problem-list]');
  region.querySelector('[data-problems-title]').textContent = title(problems);
  const sorted = SEVERITIES.flatMap((one) => problems.filter(({ severity }) => severity === one));
  list.replaceChildren(...sorted.map((problem) => line(problem, editor)));
  region.hidden = false;
}

function title(problems) {
  if (problems.length === 0) return _('检查结果：没有问题，可以发布。');
  const counted = SEVERITIES.map((one) => [
    severityText(one),
    problems.filter(({ severity }) => severity === one).length,
  ]).filter(([, count]) => count > 0);
  const counts = counted.map(([name, count]) => _('{count} 处{name}', { count, name })).join('，');
  if (problems.some(hinders)) return _('检查结果：{counts}。改正错误之后才能发布。', { counts });
  return problems.some(({ severity }) => severity === 'error')
    ? _('检查结果：{counts}。这里可以单独发布；有错误的其他设计，改正以后才能一起发布。', { counts })
    : _('检查结果：{counts}，不妨碍发布。', { counts });
}

function line(problem, editor) {
  const item = document.createElement('li');
  item.dataset.severity = problem.severity;
  const badge = document.createElement('span');
  badge.className = 'problem-severity';
  badge.textContent = severityText(problem.severity);
  item.append(badge, ' ', place(problem, editor), explanation(problem));
  return item;
}

function place(problem, editor) {
  const name = placeName(problem, problem.design ? () => undefined : editor.nameOf);
  if (problem.design) return elsewhere(problem.design, name);
  if (!problem.elementId && !problem.elementName) return document.createTextNode(name);
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'problem-place';
  button.textContent = name;
  button.addEventListener('click', () => editor.select(problem));
  return button;
}

/** Of a working copy that was checked as well: it is mended on its own page. */
function elsewhere({ kindName, name, url }, place) {
  const link = document.createElement('a');
  link.className = 'problem-place';
  link.href = url;
  link.target = '_blank';
  link.rel = 'noopener';
  link.textContent = _('{kind}“{name}”（在新窗口打开）：{place}', { kind: kindName, name, place });
  return link;
}

function placeName({ elementId, elementName }, nameOf) {
  if (!elementId && !elementName) return _('整个文件');
  if (!elementName) return nameOf?.(elementId) ?? elementId;
  return elementId ? _('{name}（{id}）', { name: elementName, id: elementId }) : elementName;
}

/** The reason and the remedy, as a paragraph. */
export function explanation({ message, remedy }) {
  const paragraph = document.createElement('p');
  paragraph.className = 'problem-reason';
  const way = document.createElement('span');
  way.className = 'problem-remedy';
  way.textContent = remedy;
  paragraph.append(message, ' ', way);
  return paragraph;
}
