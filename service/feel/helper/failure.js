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
  [/^too many steps/, () => '范围太大，逐个列出超过一百万项'],
  [/^not implemented: (.*)/, ([, what]) => `不支持「${what}」`],
  [/^illegal flags/, () => '正则表达式的标志只能是 s、m、i、x'],
  [/^illegal pattern/, () => '正则表达式写法有误'],
  [/^illegal replacement/, () => '替换文字里的「$」后应为数字，「\\」后应为「$」或「\\」'],
  [/^illegal literal/, () => '「@」后不是日期、时间或时长'],
  [/^inexact number/, () => '数字超过 15 位，无法精确计算'],
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
