import { isEmpty } from './form-values.js';
import { isContext, own } from './values.js';

const MOST_ROWS = 1_000;

/**
 * The rows of a dynamic list under `name` of a place, as `{ sent, kept, fallback }` each.
 * `report(message, index)` is told what is wrong with the rows themselves.
 */
export function rowsOf(field, place, name, report) {
  const sent = own(place.sent, name);
  if (sent === undefined) {
    return unsentRows(field, listOf(place.fallback, name));
  }
  if (isEmpty(sent)) {
    return sentRows(field, [], listOf(place.kept, name), report);
  }
  if (!Array.isArray(sent) || sent.length > MOST_ROWS) {
    report(Array.isArray(sent) ? `最多 ${MOST_ROWS} 行。` : '应为多行的列表。');
    return [];
  }
  return sentRows(field, sent, listOf(place.kept, name), report);
}

function listOf(object, name) {
  const value = own(object, name);
  return Array.isArray(value) ? value : undefined;
}

function unsentRows(field, stored) {
  const rows = stored ?? Array(isFixed(field) ? field.defaultRepetitions : 0).fill({});
  return rows.map((row) => ({ sent: undefined, kept: row, fallback: row }));
}

function sentRows(field, sent, kept = undefined, report) {
  if (isFixed(field) && sent.length !== (kept?.length ?? field.defaultRepetitions)) {
    report('这里的行不能增加或减少。');
  }
  const keptRow = isFixed(field) ? (row, index) => kept?.[index] : keptRowFinder(field, kept ?? []);
  return sent.map((row, index) => {
    if (!isContext(row)) {
      report('应为一组填写内容。', index);
      return { sent: {}, kept: undefined, fallback: undefined };
    }
    return { sent: row, kept: keptRow(row, index), fallback: undefined };
  });
}

function isFixed(field) {
  return !field.allowAddRemove || Boolean(field.disabled) || field.readonly === true;
}

/**
 * Finds the stored row that a submitted row continues, once rows may come, go and change places:
 * the first unused one that agrees in every read-only entry the submitted row carries.
 */
function keptRowFinder(field, kept) {
  const paths = lockablePaths(field.components ?? []);
  const unused = [...kept];
  return (row) => {
    const carried = paths.filter((path) => valueAt(row, path) !== undefined);
    const index = carried.length
      ? unused.findIndex((candidate) => carried.every((path) => isSame(valueAt(row, path), valueAt(candidate, path))))
      : -1;
    return index === -1 ? undefined : unused.splice(index, 1)[0];
  };
}

function lockablePaths(components, prefix = []) {
  return components.flatMap((field) => {
    if (field.components) {
      return field.isRepeating ? [] : lockablePaths(field.components, [...prefix, ...(field.path?.split('.') ?? [])]);
    }
    return field.key && (field.disabled || field.readonly) ? [[...prefix, ...field.key.split('.')]] : [];
  });
}

function valueAt(object, path) {
  return path.reduce((value, name) => own(value, name), object);
}

function isSame(left, right) {
  return JSON.stringify(left) === JSON.stringify(right);
}
