/** Patches of FEEL's parser, @bpmn-io/lezer-feel; their form is told in index.js. */
export default [
  {
    why: '`range<number>` is a type as `list<number>` is one',
    find: 'const spec_identifier = {__proto__:null,',
    replace: 'const spec_identifier = {__proto__:null,get range() { return this.list; },',
  },
  {
    why: 'a name that is declared adds to the names known: the stock copies all of them each time',
    find: `keys: new Set(from?.keys),
    prefixes: new Set(from?.prefixes),
    originalMap: new Map(from?.originalMap)`,
    replace: `keys: new LayeredSet(from?.keys),
    prefixes: new LayeredSet(from?.prefixes),
    originalMap: new LayeredMap(from?.originalMap)`,
  },
  ...[
    {
      find: `  constructor(value = {}) {

    /**
     * @protected
     */
    this.value = value;
  }`,
      replace: `  constructor(value = {}) {
    this.value = value;
  }

  get value() {
    return this.entries.all;
  }

  set value(value) {
    this.entries = new Entries(value);
  }`,
    },
    {
      find: 'const result = this.value[key];',
      replace: 'const result = this.entries.get(key);',
    },
    {
      find: `return new constructor({
      ...this.value,
      [key]: value
    });`,
      replace: `if (constructor !== VariableContext) {
      return new constructor({ ...this.value, [key]: value });
    }
    return Object.assign(new VariableContext(), { entries: this.entries.with(key, value) });`,
    },
    {
      find: `value: Context
              .of(variables.value)`,
      replace: `value: (variables.value?.constructor === VariableContext ? variables.value : Context.of(variables.value))`,
    },
  ].map((change) => ({
    why: 'a context that is written grows by an entry: the stock copies all of it three times an entry',
    ...change,
  })),
];
