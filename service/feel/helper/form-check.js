import { syntaxErrorIn } from './analysis.js';
import { Failure } from './failure.js';
import { importForm } from './form-import.js';
import { CHOICES, KEYED, PLAIN, TYPES } from './form-types.js';
import { isContext } from './values.js';

const NEWEST_SCHEMA = 19;
const MOST_COMPONENTS = 1_000;
const ACCEPT = /^(\.[\w-]+|[\w.+-]+\/([\w.+-]+|\*))(\s*,\s*(\.[\w-]+|[\w.+-]+\/([\w.+-]+|\*)))*$/;
const RESERVED = new Set([
  'true', 'false', 'null', 'and', 'or', 'not', 'if', 'then', 'else', 'for', 'in', 'return', 'some',
  'every', 'satisfies', 'between', 'function', 'external', 'instance', 'of',
]);

/** What form-js reads as FEEL when it begins with `=`; the first two as unary tests. */
const UNARY_TESTS = ['conditional.hide', 'readonly'];
const EXPRESSIONS = [
  'alt', 'appearance.prefixAdorner', 'appearance.suffixAdorner', 'description', 'label', 'source',
  'text', 'content', 'validate.min', 'validate.max', 'validate.minLength', 'validate.maxLength',
  'valuesExpression', 'url', 'dataSource', 'columnsExpression', 'expression', 'multiple', 'accept', 'title',
];

/** Why a form cannot be deployed, in the words of its designer: `{ id, label, rule, message }` each. */
export function checkForm({ schema }) {
  const root = JSON.parse(schema);
  const problems = [...rootProblems(root)];
  const components = isContext(root) ? [...componentsIn(root)] : [];
  if (components.length > MOST_COMPONENTS) {
    return [problem(root, 'too-many-components', `表单最多 ${MOST_COMPONENTS} 个组件，现有 ${components.length} 个。`)];
  }
  for (const component of components) {
    for (const rule of RULES) {
      problems.push(...rule(component, components));
    }
  }
  problems.push(...(isContext(root) ? [...oddParts(root), ...duplicateKeys(root)] : []));
  return problems.length ? problems : importProblems(root, schema);
}

function* rootProblems(root) {
  if (!isContext(root) || root.type !== 'default' || !Array.isArray(root.components)) {
    yield problem(root, 'not-a-form', '这不是 form-js 表单：最外层应为 type “default” 并含 components 列表。');
  } else if (root.schemaVersion > NEWEST_SCHEMA) {
    yield problem(root, 'schema-too-new', `表单由更新的编辑器制作（版本 ${root.schemaVersion}），这里支持到 ${NEWEST_SCHEMA}。`);
  }
}

function* componentsIn(holder) {
  for (const component of Array.isArray(holder.components) ? holder.components.filter(isContext) : []) {
    yield component;
    yield* componentsIn(component);
  }
}

/** What stands where a component, or a list of them, should. */
function* oddParts(holder) {
  const { components = [] } = holder;
  if (!Array.isArray(components)) {
    yield problem(holder, 'components-invalid', '里面的组件（components）应为列表。');
  } else if (!components.every(isContext)) {
    yield problem(holder, 'components-invalid', '组件列表（components）里有一项不是组件。');
  }
  for (const component of Array.isArray(components) ? components.filter(isContext) : []) {
    yield* oddParts(component);
  }
}

/** Two components that submit under one path; a list's rows are a place of their own. */
function* duplicateKeys(holder, prefix = '', taken = new Map()) {
  for (const component of Array.isArray(holder.components) ? holder.components.filter(isContext) : []) {
    const own = KEYED.has(component.type) ? component.key : component.path;
    const path = own ? prefix + own : '';
    const isLeaf = KEYED.has(component.type) || component.type === 'dynamiclist';
    if (path && isLeaf && taken.has(path)) {
      const twin = taken.get(path).label || taken.get(path).id || path;
      yield problem(component, 'key-duplicate', `字段键「${path}」与「${twin}」的重复。请改成不同的键。`);
    } else if (path && isLeaf) {
      taken.set(path, component);
    }
    yield* duplicateKeys(component, path && !KEYED.has(component.type) ? `${path}.` : prefix, taken);
  }
}

function problem(component, rule, message) {
  const { id, label } = isContext(component) ? component : {};
  return { id: String(id ?? ''), label: typeof label === 'string' ? label : '', rule, message };
}

const RULES = [
  function* isKnown(component) {
    if (typeof component.type !== 'string' || component.type === '') {
      yield problem(component, 'type-missing', '没有写明组件类型（type）。请换成表单编辑器里的组件。');
    } else if (!TYPES.has(component.type)) {
      yield problem(component, 'unknown-type', `不认识组件类型「${component.type}」。请换成表单编辑器里的组件。`);
    }
  },
  function* hasOwnId(component, components) {
    const twin = components.find((other) => other !== component && other.id && other.id === component.id);
    if (twin && components.indexOf(twin) < components.indexOf(component)) {
      yield problem(component, 'id-duplicate', `组件标识「${component.id}」重复。请给它一个新的标识。`);
    }
  },
  function* hasPlainKey(component) {
    const [name, value] = KEYED.has(component.type) ? ['字段键', component.key] : ['路径', component.path];
    const isNeeded = KEYED.has(component.type) || component.type === 'dynamiclist';
    if (!isNeeded && (component.type !== 'group' || !value)) {
      return;
    }
    if (typeof value !== 'string' || value === '') {
      yield problem(component, 'key-missing', `没有填写${name}。请填写后再部署。`);
    } else if (!value.split('.').every((part) => PLAIN.test(part) && !RESERVED.has(part))) {
      yield problem(
        component,
        'key-not-plain',
        `${name}「${value}」不符合要求：只能用汉字、字母、数字和下划线，不能以数字开头，不能是 FEEL 的保留字。`,
      );
    }
  },
  function* speaksFeel(component) {
    for (const path of [...UNARY_TESTS, ...EXPRESSIONS]) {
      const text = valueAt(component, path);
      for (const error of typeof text === 'string' ? feelErrors(text, UNARY_TESTS.includes(path)) : []) {
        yield problem(
          component,
          'feel-invalid',
          `「${path}」里的 FEEL 写法有误：第 ${error.position} 个字符处${error.detail}。`,
        );
      }
    }
  },
  function* hasExpression(component) {
    if (component.type === 'expression' && !String(component.expression ?? '').startsWith('=')) {
      yield problem(component, 'expression-missing', '计算字段没有以“=”开头的表达式。');
    }
  },
  function* hasOptions({ type, ...component }) {
    const sources = [component.valuesKey, component.values, component.valuesExpression];
    if (CHOICES.has(type) && sources.every((source) => source === undefined || source === '')) {
      yield problem(component, 'options-missing', '没有可选项。请填写选项，或指定选项的来源。');
    } else if (CHOICES.has(type) && component.values !== undefined && !Array.isArray(component.values)) {
      yield problem(component, 'options-invalid', '选项应为列表。');
    }
  },
  function* validates({ validate = {}, ...component }) {
    if (!isContext(validate)) {
      yield problem(component, 'validate-invalid', '校验设置（validate）应为对象。');
      return;
    }
    if (validate.pattern !== undefined && !isPattern(validate.pattern)) {
      yield problem(component, 'pattern-invalid', `校验格式「${validate.pattern}」不是有效的正则表达式。`);
    }
    for (const rule of ['min', 'max', 'minLength', 'maxLength']) {
      if (validate[rule] !== undefined && !isBound(validate[rule])) {
        yield problem(component, 'limit-invalid', `校验「${rule}」应为数字或以“=”开头的表达式。`);
      }
    }
  },
  function* refusesAtField({ type, properties, conditional, ...component }, components) {
    const key = isContext(properties) ? properties['jiaoyan.refuses'] : undefined;
    if (key === undefined) {
      return;
    }
    if (type !== 'text' || !conditional?.hide) {
      yield problem(component, 'refusal-invalid', '“jiaoyan.refuses”只用于有“隐藏条件”的文本：显示时不能提交。');
    } else if (!components.some((other) => other.key === key)) {
      yield problem(component, 'refusal-field-unknown', `“jiaoyan.refuses”所指的字段键「${key}」不在表单里。`);
    }
  },
  function* takesFiles(component) {
    const { type, accept } = component;
    if (type === 'filepicker' && accept && !isExpression(accept) && !ACCEPT.test(String(accept).trim())) {
      yield problem(component, 'accept-invalid', `可上传的文件类型「${accept}」写法有误，例如：.pdf,.docx,image/*`);
    }
  },
];

function isExpression(value) {
  return typeof value === 'string' && value.startsWith('=');
}

function isBound(value) {
  return isExpression(value) || (value !== '' && Number.isFinite(Number(value)));
}

function isPattern(pattern) {
  try {
    return typeof pattern === 'string' && Boolean(new RegExp(pattern));
  } catch {
    return false;
  }
}

function valueAt(component, path) {
  return path.split('.').reduce((value, name) => value?.[name], component);
}

/** The FEEL of a property: all of it after `=`, else what stands in `{{ }}`. */
function feelErrors(text, isUnaryTest) {
  const parts = isExpression(text) ? [text.slice(1)] : templateParts(text);
  return parts.map((part) => syntaxErrorIn(part, {}, isUnaryTest)).filter(Boolean);
}

function templateParts(text) {
  const { templating } = importForm(EMPTY_FORM);
  return templating.isTemplate(text)
    ? templating._extractExpressionsWithDepth(text).map(({ expression }) => expression)
    : [];
}

const EMPTY_FORM = JSON.stringify({ type: 'default', components: [] });

function importProblems(root, schema) {
  try {
    importForm(schema);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) {
      throw error;
    }
    return [problem(root, 'import-failed', `表单读不进来：${error.fields.detail}。请在表单编辑器里改正。`)];
  }
}
