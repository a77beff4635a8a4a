import { _ } from './texts.js';

/** form-js has no translation for these texts. */
const PLACEHOLDERS = new Map([
  ['Search', _('请选择，也可输入文字查找')],
  ['hh:mm', _('时:分')],
  ['hh:mm --', _('时:分')],
]);
const CHOICES = new Map([['Select', _('请选择')]]);
const DATE_PLACEHOLDER = /^y+.m+.d+$/;
const REMOVE_ROW = /^Remove list item (\d+)$/;

/**
 * Finishes what form-js leaves out, now and after each rendering: Chinese placeholders, the marks by
 * which a screen reader knows required and wrong fields, and the columns' names at the cells of a
 * table, which a telephone shows one below the other.
 */
export function finishDom(container) {
  const finish = () => {
    for (const input of container.querySelectorAll('input[placeholder]')) translate(input);
    for (const choice of container.querySelectorAll('.fjs-select-display')) translateChoice(choice);
    for (const button of container.querySelectorAll('.fjs-repeat-row-remove')) nameButton(button);
    for (const field of container.querySelectorAll('.fjs-form-field')) describe(field);
    for (const table of container.querySelectorAll('.fjs-table')) nameCells(table);
  };
  new MutationObserver(finish).observe(container, {
    characterData: true,
    childList: true,
    subtree: true,
  });
  finish();
}

function translate(input) {
  const text = input.placeholder;
  if (PLACEHOLDERS.has(text)) input.placeholder = PLACEHOLDERS.get(text);
  else if (DATE_PLACEHOLDER.test(text)) input.placeholder = _('如 2026年1月8日');
}

/** form-js keeps the text node and writes the chosen label into it. */
function translateChoice(element) {
  const text = element.firstChild;
  if (text && CHOICES.has(text.data)) text.data = CHOICES.get(text.data);
}

function nameButton(button) {
  const row = REMOVE_ROW.exec(button.getAttribute('aria-label'));
  if (row) button.setAttribute('aria-label', _('移除第 {number} 行', { number: row[1] }));
}

/** A table without rows has one cell that says so: it belongs to no column. */
function nameCells(table) {
  const names = [...table.querySelectorAll('.fjs-table-th-label')].map((one) => one.textContent);
  for (const row of table.querySelectorAll('.fjs-table-body .fjs-table-tr')) {
    if (row.cells.length !== names.length) continue;
    names.forEach((name, column) => {
      if (row.cells[column].dataset.label !== name) row.cells[column].dataset.label = name;
    });
  }
}

function describe(field) {
  const wrong = field.querySelector(':scope > .fjs-form-field-error') !== null;
  const required = field.querySelector(':scope .fjs-asterix') !== null;
  for (const input of field.querySelectorAll(
    'input:not([type=radio], [type=checkbox], [type=file]), textarea',
  )) {
    input.toggleAttribute('aria-invalid', wrong);
    if (wrong) input.setAttribute('aria-invalid', 'true');
    if (required) input.setAttribute('aria-required', 'true');
  }
}
