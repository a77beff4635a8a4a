/** Patches of what feelin makes of each piece of a text; their form is told in index.js. */
export default [
  {
    why: 'arithmetic over dates, times and both durations; what does not go together is reported',
    find: "case 'ArithOp': return (context) => {",
    replace: `case 'ArithOp': return (context) => (a, b) => calculated(node.input, a(context), b(context), (values) => {
            interpreterContext.addWarning(node, 'INVALID_TYPE', { template: 'no such operation', values });
        });
        case 'stock ArithOp': return (context) => {`,
  },
  {
    why: 'durations have a negative',
    find: 'return op(context)(() => 0, value);',
    replace: 'return negative(value(context));',
  },
  ...[
    ['>', 'b, null, false, false'],
    ['>=', 'b, null, true, false'],
    ['<', 'null, b, false, false'],
    ['<=', 'null, b, false, true'],
  ].map(([operator, range]) => ({
    why: 'comparisons are ranges with one open end',
    find: `case '${operator}': return (b) => createRange(${range});`,
    replace: `case '${operator}': return (b) => comparisonRange('${operator}', b);`,
  })),
  {
    why: '`!=` over different types is null, as `=` is',
    find: "case '!=': return (b) => (a) => !equals(a, b);",
    replace: "case '!=': return (b) => (a) => differs(a, b);",
  },
  {
    why: 'a cell `-` is passed by every input',
    find: "case 'Wildcard': return (_context) => true;",
    replace: "case 'Wildcard': return Object.assign((_context) => true, { asks: true });",
  },
  {
    why: '`or` stops at true, so `not(is defined(x)) or x > 5` asks no missing name',
    find: `case 'Disjunction': return tag((context) => {
            const left = args[0](context);`,
    replace: `case 'Disjunction': return tag((context) => {
            const left = args[0](context);
            if (left === true) {
                return true;
            }`,
  },
  {
    why: '`and` stops at false, so `is defined(x) and x > 5` asks no missing name',
    find: `case 'Conjunction': return tag((context) => {
            const left = args[0](context);`,
    replace: `case 'Conjunction': return tag((context) => {
            const left = args[0](context);
            if (left === false) {
                return false;
            }`,
  },
  {
    why: 'a text or a number in `and`, `or` is reported',
    find: "const a = typeof left === 'boolean' ? left : null;",
    replace: 'const a = booleanOf(left);',
    times: 2,
  },
  {
    why: 'a text or a number in `and`, `or` is reported',
    find: "const b = typeof right === 'boolean' ? right : null;",
    replace: 'const b = booleanOf(right);',
    times: 2,
  },
  {
    why: 'a condition that is neither true nor false is reported: the stock takes "false" for true',
    find: 'return obj !== false && obj !== null;',
    replace: 'return booleanOf(obj) === true;',
  },
  {
    why: 'a key that comes twice in a context is reported',
    find: "case 'Context': return (context) => {",
    replace: "case 'Context': return (context) => contextOf(args.slice(1, -1), context);\n        case 'stock Context': return (context) => {",
  },
  {
    why: 'the types of parameters are kept',
    find: "case 'FormalParameter': return args[0];",
    replace: "case 'FormalParameter': return { name: args[0], type: args[1] };",
  },
  {
    why: 'the types of parameters are checked; there are no external functions here',
    find: "case 'FunctionDefinition': return (context) => {",
    replace: `case 'FunctionDefinition': {
            const parameters = args[2];
            const fnBody = args[4];
            if (!Array.isArray(parameters) || typeof fnBody !== 'function') {
                throw notImplemented('external');
            }
            const names = parameters.map(({ name }) => name);
            return (context) => {
                const seen = Object.assign({}, context); // a context that is being written still grows
                return wrapFunction((...values) => {
                    const scope = Object.assign({}, seen, Object.fromEntries(names.map((name, index) => [name, values[index]])));
                    return typed(values, parameters) ? fnBody(scope) : null;
                }, names);
            };
        }
        case 'stock FunctionDefinition': return (context) => {`,
  },
  {
    why: '`?` outside a unary test is a missing name',
    find: "case '?': return (context) => getFromContext('?', context);",
    replace: `case '?': return (context) => {
            if (!has(context, '?')) {
                interpreterContext.addWarning(node, 'NO_VARIABLE_FOUND', { template: 'Variable ? not found', values: {} });
                return null;
            }
            return context['?'];
        };`,
  },
  {
    why: '`for i in 1..0` counts down, `for day in start..end` goes by days',
    find: 'return b ? createRange(a, b) : a;',
    replace: 'return args[1] ? iterationRange(a, b) : a;',
  },
  {
    why: 'types are read by types.js',
    find: "case 'Type': return args[0];",
    replace: "case 'Type': return node.input;",
  },
  {
    why: 'types are read by types.js',
    find: "case 'SpecialType': throw notImplemented('SpecialType');",
    replace: "case 'SpecialType': return node.input;",
  },
  {
    why: '`instance of` knows the types of FEEL: the stock is always false',
    find: "case 'InstanceOfExpression': return tag((context) => {",
    replace: `case 'InstanceOfExpression': {
            const test = typeTest(args[3]);
            return tag((context) => test(args[0](context)), 'test');
        }
        case 'stock InstanceOfExpression': return tag((context) => {`,
  },
  {
    why: 'lists longer than the arguments that JavaScript passes can be joined',
    find: 'return [].concat(...aContexts.map(aContext => {',
    replace: 'return aContexts.flatMap(aContext => {',
  },
  {
    why: 'lists longer than the arguments that JavaScript passes can be joined',
    find: `return Object.assign(Object.assign({}, aContext), bContext);
                    });
                }));`,
    replace: `return Object.assign(Object.assign({}, aContext), bContext);
                    });
                });`,
  },
  {
    why: '`every` is null where a null leaves it open',
    find: "case 'every': return tag((context) => {",
    replace: `case 'every': return tag((context) => (contexts, condition) => quantified(everyHolds, contexts, condition, context), 'test');
        case 'stock every': return tag((context) => {`,
  },
  {
    why: '`some` is null where a null leaves it open',
    find: "case 'some': return tag((context) => {",
    replace: `case 'some': return tag((context) => (contexts, condition) => quantified(someHolds, contexts, condition, context), 'test');
        case 'stock some': return tag((context) => {`,
  },
  {
    why: '1e5 is a hundred thousand (the stock reads 1); a number that cannot be held is an error',
    find: "case 'NumericLiteral': return tag((_context) => node.input.includes('.') ? parseFloat(node.input) : parseInt(node.input), 'number');",
    replace: `case 'NumericLiteral': {
            const number = numberLiteral(node.input);
            return tag((_context) => number, 'number');
        }`,
  },
  {
    why: '`\\u` takes four digits: the stock reads a letter behind them as a fifth',
    find: 'tag((_context) => parseString(node.input)',
    replace: 'tag((_context) => textLiteral(node.input)',
  },
  {
    why: 'an `@` before what is no date, time or duration is an error of the text',
    find: "case 'AtLiteral': return tag((context) => {",
    replace: `case 'AtLiteral': {
            const literal = atLiteral(getBuiltin('@')(args[0]()));
            return tag((_context) => literal, 'date');
        }
        case 'stock AtLiteral': return tag((context) => {`,
  },
  {
    why: '`get or else` looks at its parameters one by one',
    find: "case 'PositionalParameters': return (context) => args.map(arg => arg(context));",
    replace: "case 'PositionalParameters': return Object.assign((context) => args.map(arg => arg(context)), { each: { ...args } });",
  },
  {
    why: '`get or else` looks at its parameters one by one',
    find: `case 'NamedParameter': return (context) => {
            const name = args[0];
            const value = args[1](context);
            return [name, value];
        };`,
    replace: "case 'NamedParameter': return Object.assign((context) => [args[0], args[1](context)], { entry: args });",
  },
  {
    why: '`get or else` looks at its parameters one by one',
    find: `case 'NamedParameters': return (context) => args.reduce((args, arg) => {
            const [name, value] = arg(context);
            args[name] = value;
            return args;
        }, {});`,
    replace: `case 'NamedParameters': return Object.assign(
            (context) => Object.fromEntries(args.map((arg) => arg(context))),
            { each: Object.fromEntries(args.map(({ entry }) => entry)) },
        );`,
  },
  {
    why: '`is defined` and `get or else` look at names before there are values',
    find: `case 'FunctionInvocation': return tag((context) => {
            const target = args[0](context);`,
    replace: `case 'FunctionInvocation': return tag((context) => {
            const target = args[0](context);
            if (target?.$lazy) {
                return target.$lazy(context, args[2], interpreterContext);
            }`,
  },
  {
    why: '`in` is null where a null leaves it open, and its tests may ask for `?`',
    find: 'return compareIn(args[0](context), (args[3] || args[2])(context));',
    replace: `const target = args[3] || args[2];
                return passes(args[0](context), target.tests ?? [target], context, false);`,
  },
  {
    why: '`between` includes both ends and knows null',
    find: `if (start === null || end === null) {
                    return null;
                }
                return createRange(start, end).includes(args[0](context));`,
    replace: 'return between(args[0](context), start, end);',
  },
  {
    why: '`partial` is what there was before each step: the stock shares one growing list',
    find: 'partial.push(extractor(Object.assign(Object.assign({}, ctx), { partial })));',
    replace: 'partial.push(extractor(Object.assign(Object.assign({}, ctx), { partial: usesPartial ? partial.slice() : partial })));',
  },
  {
    why: '`partial` is copied only where it is asked for',
    find: `case 'ForExpression': return (context) => {
            const extractor`,
    replace: `case 'ForExpression': return (context) => {
            const usesPartial = node.input.includes('partial');
            const extractor`,
  },
  {
    why: 'a test tells whether it asks for the input',
    find: `case 'PositiveUnaryTest': return (context) => {
            // ensure`,
    replace: `case 'PositiveUnaryTest': return Object.assign((context) => args[0](context), { asks: asksInput(node.input) });
        case 'stock PositiveUnaryTest': return (context) => {
            // ensure`,
  },
  {
    why: 'a filter tests each element; one that names a thing alone may pick by position',
    find: "case 'FilterExpression': return tag((context) => {",
    replace: `case 'FilterExpression': return tag((context) => filtered(args[0](context), args[2], context, quietly(interpreterContext)), 'any');
        case 'stock FilterExpression': return tag((context) => {`,
  },
  {
    why: 'ranges of every ordered kind, with ends that are null',
    find: `const startIncluded = left !== null && args[0] === '[';
            const endIncluded = right !== null && args[3] === ']';
            return createRange(left, right, startIncluded, endIncluded);`,
    replace: "return rangeOf(left, right, args[0] === '[', args[3] === ']');",
  },
  {
    why: '`(= 5)` and `(!= 5)` are ranges',
    find: `// <CompareOp> <Expr>
            return args[0](context)(args[1](context));`,
    replace: `// <CompareOp> <Expr>
            const value = args[1](context);
            return comparisonTest(node.input, args[0](context)(value), value);`,
  },
  {
    why: 'the tests of a cell or behind `in` are run one by one',
    find: "case 'PositiveUnaryTests':\n        case 'Expressions': return (context) => {",
    replace: `case 'PositiveUnaryTests': return Object.assign((context) => args.map(a => a(context)), { tests: args });
        case 'Expressions': return (context) => {`,
  },
  {
    why: 'a cell finds dates and contexts in its lists and knows null',
    find: `case 'UnaryTests': return (context) => {
            return (value = null) => {`,
    replace: `case 'UnaryTests': return (context) => (value = null) => {
            const negate = args[0] === 'not';
            const tests = (negate ? args.slice(2, -1) : args).flatMap((test) => test.tests ?? [test]);
            const result = passes(value, tests, context, true);
            return negate && result !== null ? !result : result;
        };
        case 'stock UnaryTests': return (context) => {
            return (value = null) => {`,
  },
  {
    why: '`for`, `some` and `every` take one value for a list of it',
    find: `return target.map(t => ({ [prop]: t }));
    }
    return null;`,
    replace: `return target.map(t => ({ [prop]: t }));
    }
    return isNil(target) ? null : [{ [prop]: target }];`,
  },
];
