/** Why a request has no answer; `kind` chooses the error class on the Python side. */
export class Failure extends Error {
  constructor(kind, fields = {}) {
    super(kind);
    this.kind = kind;
    this.fields = fields;
  }
}

const THROWN = [
  [/^unsupported range/, () => '范围两端的类型不同或不能比较'],
  [/^unsupported range operation/, () => '这样的范围不能逐个列出'],
  [/^not implemented: (.*)/, ([, what]) => `不支持「${what}」`],
  [/^illegal flags/, () => '正则表达式的标志只能是 s、m、i'],
  [/Maximum call stack size/, () => '嵌套太深'],
  [/Invalid (array|string) length/, () => '中间结果太大'],
];

/** The words for an error that feelin threw; never its own text, which may hold values. */
export function wordsFor(error) {
  for (const [pattern, words] of THROWN) {
    const match = pattern.exec(error.message);
    if (match) {
      return words(match);
    }
  }
  return '写法与数据不符';
}
