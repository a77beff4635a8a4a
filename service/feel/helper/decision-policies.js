import { fault } from './decision-fault.js';
import { Scope } from './decision-scope.js';
import { toJson } from './values.js';

/**
 * What a hit policy makes of the rows that met, in their order. A row is `{ rule, outputs, result }`
 * and `outputs` holds a value a column. Each answers `{ rows, result }`: the rows that count.
 * Source: DMN 1.3, 8.2.10 and 8.2.11.
 */
export const POLICIES = {
  UNIQUE: first,
  FIRST: first,
  ANY(rows) {
    if (rows.some((row) => !same(toJson(row.result), toJson(rows[0].result)))) {
      throw fault('not-unanimous', told(rows));
    }
    return { rows, result: rows.length ? rows[0].result : null };
  },
  PRIORITY(rows, ranks) {
    const ordered = byPriority(rows, ranks);
    const best = ordered.filter((row) => compared(row, ordered[0]) === 0);
    if (best.some((row) => !same(toJson(row.result), toJson(best[0].result)))) {
      throw fault('priority-tied', told(best.map(({ row }) => row)));
    }
    return first(ordered.map(({ row }) => row));
  },
  'OUTPUT ORDER': (rows, ranks) => all(byPriority(rows, ranks).map(({ row }) => row)),
  'RULE ORDER': all,
  COLLECT: all,
  'COLLECT COUNT': (rows) => ({ rows, result: rows.filter(({ rule }) => rule).length }),
  'COLLECT SUM'(rows) {
    const total = rows.reduce((sum, row) => sum + numberIn(row), 0);
    return { rows, result: rows.length ? total : null };
  },
  'COLLECT MIN': (rows) => ({ rows, result: best(rows, 'one < other') }),
  'COLLECT MAX': (rows) => ({ rows, result: best(rows, 'one > other') }),
};

/** The rows in the words of a message. */
export function told(rows) {
  return rows.map(({ rule }) => `第 ${rule.index} 行`).join('、');
}

function first(rows) {
  return { rows: rows.slice(0, 1), result: rows.length ? rows[0].result : null };
}

function all(rows) {
  return { rows, result: rows.map(({ result }) => result) };
}

/** `ranks` gives the place of each output among its column's allowed values, or 0 without any. */
function byPriority(rows, ranks) {
  const ranked = rows.map((row) => ({ row, rank: ranks(row), result: row.result }));
  return ranked.sort(compared);
}

function compared(one, other) {
  const column = one.rank.findIndex((place, i) => place !== other.rank[i]);
  return column < 0 ? 0 : one.rank[column] - other.rank[column];
}

function numberIn({ outputs: [value] }) {
  if (typeof value !== 'number') {
    throw fault('output', '汇总的结论应为 number 类型');
  }
  return value;
}

function best(rows, test) {
  const values = rows.map(({ outputs: [value] }) => value);
  if (values.some((value) => value === null)) {
    throw fault('output', '比较大小的结论不能是空值');
  }
  const better = (one, other) => new Scope({ one, other }).valueOf(test) === true;
  return values.length ? values.reduce((found, value) => (better(value, found) ? value : found)) : null;
}

/** Equality as JSON sees it. */
function same(one, other) {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other;
  }
  const names = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && same(one[name], other[name]))
  );
}
