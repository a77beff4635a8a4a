import { _ } from './texts.js';

const LIST = '.fjs-form-field-dynamiclist';
const ROW = '.fjs-repeat-row-container';

/** Lists what is wrong in a box above the form, each line a link to its field, and goes there. */
export function showSummary(box, container, others = []) {
  const items = [...others.map((message) => textItem(message))];
  for (const error of container.querySelectorAll('.fjs-form-field-error')) {
    items.push(fieldItem(error.closest('.fjs-form-field'), error));
  }
  if (items.length === 0) {
    hideSummary(box);
    return;
  }
  const title = document.createElement('h3');
  title.className = 'small-title';
  title.textContent = _('有 {count} 处需要改正，还没有提交；已填内容都在。', {
    count: items.length,
  });
  const list = document.createElement('ul');
  list.className = 'mb-0';
  list.append(...items);
  box.replaceChildren(title, list);
  box.hidden = false;
  box.focus();
  box.scrollIntoView({ block: 'start' });
}

export function hideSummary(box) {
  box.hidden = true;
  box.replaceChildren();
}

function textItem(message) {
  const item = document.createElement('li');
  item.textContent = message;
  return item;
}

/** The field's label, and its row where a list has several. */
function named(field) {
  const said = field.querySelector('.fjs-label-content')?.firstChild?.textContent ?? '';
  const label = said.replace(/[。：:]+$/, '');
  const row = field.closest(ROW);
  const list = row?.closest(LIST);
  const rows = [...(list?.querySelectorAll(ROW) ?? [])].filter((one) => one.closest(LIST) === list);
  if (!label || rows.length < 2) return label;
  return _('第 {number} 行，{label}', { number: rows.indexOf(row) + 1, label });
}

function fieldItem(field, error) {
  const label = named(field);
  const input = field.querySelector('input, textarea, select, button');
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = input?.id ? `#${CSS.escape(input.id)}` : '#';
  link.className = 'alert-link';
  const message = [...error.querySelectorAll('li')].map((one) => one.textContent).join(' ');
  link.textContent = label ? _('{label}：{message}', { label, message }) : message;
  link.addEventListener('click', (event) => {
    event.preventDefault();
    field.scrollIntoView({ block: 'center' });
    input?.focus();
  });
  item.append(link);
  return item;
}
