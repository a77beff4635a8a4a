/**
 * The changes to @bpmn-io/feelin 6.1.1, each with its reason. `find` must occur exactly `times`
 * times (once unless said) in feelin's module, or the build fails.
 */
export default [
  {
    why: 'now() answers the moment of the call',
    find: 'return DateTime.now();',
    replace: 'return currentMoment() === null ? DateTime.now() : DateTime.fromMillis(currentMoment());',
  },
  {
    why: 'a moment at midnight in UTC stays a moment: the stock takes it for a date',
    find: `return DateTime.fromISO(str.toUpperCase(), {
            setZone: true,
            zone
        });`,
    replace: `return readMoment(str, zone);`,
  },
  {
    why: 'today() is a date: the stock value is a local midnight that equals no date',
    find: "return date().startOf('day');",
    replace: "return typeCast(date(), 'date');",
  },
  {
    why: 'the day of a moment is a date, in whatever zone the moment was written',
    find: "return obj.setZone('utc', { keepLocalTime: true }).startOf('day');",
    replace: 'return DateTime.utc(obj.year, obj.month, obj.day);',
  },
  {
    why: 'date(date and time) keeps the day it shows: the stock value is the day in UTC',
    find: "return d && ifValid(d.setZone('utc').startOf('day')) || null;",
    replace: "return d && ifValid(typeCast(d, 'date')) || null;",
  },
  {
    why: 'date(2026, 2, 30) is null, not 2 March',
    find: `d = date().setZone('utc').set({
                year,
                month,
                day
            });`,
    replace: 'd = DateTime.utc(year, month, day);',
  },
  {
    why: 'time(25, 0, 0) is null, not 01:00',
    find: `t = date().set({
                hour,
                minute,
                second
            }).set({
                year: 1900,
                month: 1,
                day: 1,
                millisecond: 0
            });`,
    replace: 't = DateTime.local(1900, 1, 1, hour, minute, second);',
  },
  {
    why: 'DMN names days in English, whatever the language of the machine',
    find: 'return date.weekdayLong;',
    replace: "return date.setLocale('en-US').weekdayLong;",
  },
  {
    why: 'DMN names months in English, whatever the language of the machine',
    find: 'return date.monthLong;',
    replace: "return date.setLocale('en-US').monthLong;",
  },
  {
    why: 'median sorts numbers as numbers: 10 comes after 2',
    find: 'const sorted = array.slice().sort();',
    replace: 'const sorted = array.slice().sort((a, b) => a - b);',
  },
  {
    why: 'list contains and index of find dates, durations and contexts',
    find: `function matches(a, b) {
    return a === b;
}`,
    replace: `function matches(a, b) {
    return a === b || equals(a, b) === true;
}`,
  },
  {
    why: 'string(duration) does not turn 45 days into a month and a half',
    find: "return obj.shiftTo('years', 'months', 'days', 'hours', 'minutes', 'seconds').normalize().toISO();",
    replace: 'return durationToISO(obj);',
  },
  {
    why: 'years and months duration counts whole months',
    find: "return ifValid(to.diff(from, ['years', 'months']));",
    replace: "return ifValid(to.diff(from, ['years', 'months', 'days']).set({ days: 0 }).shiftTo('years', 'months'));",
  },
  {
    why: 'is defined(…)',
    find: 'const builtins = {',
    replace: "const builtins = {\n    'is defined': isDefined,",
  },
  {
    why: 'is defined(…) looks without warning',
    find: `case 'FunctionInvocation': return tag((context) => {
            const target = args[0](context);`,
    replace: `case 'FunctionInvocation': return tag((context) => {
            const target = args[0](context);
            if (target === isDefined) {
                return isDefinedIn(context, args[2], interpreterContext);
            }`,
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
    why: 'not(…) of a text or a number is reported',
    find: "return isType(negand, 'boolean') ? !negand : null;",
    replace: 'return booleanOf(negand) === null ? null : !negand;',
  },
  {
    why: 'a test that is named alone filters: the stock reads it outside the element',
    find: 'const type = filterFn.type;',
    replace: 'const type = filterType(filterFn, filterTarget, context, interpreterContext);',
  },
  {
    why: 'a filter keeps the elements false and null that pass its test',
    find: `return filterTarget.map(el => {
                    const iterationContext = Object.assign(Object.assign(Object.assign({}, context), { item: el }), el);`,
    replace: `return filterTarget.filter(el => {
                    const iterationContext = elementScope(context, el);`,
  },
  {
    why: 'a filter keeps the elements false and null that pass its test',
    find: `if (result === true) {
                        return el;
                    }
                    return result;
                }).filter(isTruthy);`,
    replace: `return booleanOf(result) === true;
                });`,
  },
  {
    why: 'a number and a text are not compared by turning one into the other',
    find: 'const includes = anyIncludes(start, end, startIncluded, endIncluded);',
    replace: 'const includes = sameKind(anyIncludes(start, end, startIncluded, endIncluded), start, end);',
    times: 2,
  },
  {
    why: 'a text is compared with texts alone',
    find: 'const includes = values ? valuesIncludes(values) : anyIncludes(start, end, startIncluded, endIncluded);',
    replace:
      'const includes = sameKind(values ? valuesIncludes(values) : anyIncludes(start, end, startIncluded, endIncluded), start, end);',
  },
  {
    why: 'a duration is compared with durations alone',
    find: 'const includes = anyIncludes(toMillis(start), toMillis(end), startIncluded, endIncluded, toMillis);',
    replace:
      'const includes = sameKind(anyIncludes(toMillis(start), toMillis(end), startIncluded, endIncluded, toMillis), start, end);',
  },
  {
    why: 'a built-in that gets the wrong type says so',
    find: `if (!convertedArgs) {
            return null;
        }`,
    replace: `if (!convertedArgs) {
            return refused(wrappedFn.$name, args, argDefinitions);
        }`,
  },
  {
    why: 'a built-in over a list that holds the wrong type says so',
    find: `if (!args.every(arg => tester(arg) !== FALSE)) {
            return null;
        }`,
    replace: `if (!args.every(arg => tester(arg) !== FALSE)) {
            return refused(wrappedFn.$name, args, args.map(() => type));
        }`,
  },
  {
    why: '`for`, `some` and `every` over something that is no list say so',
    find: `return target.map(t => ({ [prop]: t }));
    }
    return null;`,
    replace: `return target.map(t => ({ [prop]: t }));
    }
    if (!isNil(target)) {
        report('NOT_A_LIST', { value: target });
    }
    return null;`,
  },
  {
    why: '`for i in 1..0` is a range too',
    find: 'return b ? createRange(a, b) : a;',
    replace: 'return args[1] ? createRange(a, b) : a;',
  },
  {
    why: 'two moments cannot be added',
    find: `else if (isDateTime(a) && isDateTime(b)) {
                        return null;
                    }`,
    replace: `else if (isDateTime(a) && isDateTime(b)) {
                        return mismatch(a, b);
                    }`,
  },
  {
    why: 'the days between two dates can be asked for: `(today() - start).days`',
    find: 'return a.diff(b);',
    replace: "return a.diff(b).shiftTo('days', 'hours', 'minutes', 'seconds');",
  },
  {
    why: 'a moment cannot be taken from a duration: JavaScript would make a number of it',
    find: 'return a - b;',
    replace: 'return isNumber(a) ? a - b : mismatch(a, b);',
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
    why: '`instance of` is always false in feelin: refused instead',
    find: "case 'InstanceOfExpression': return tag((context) => {",
    replace: "case 'InstanceOfExpression': throw notImplemented('instance of');\n        case '': return tag((context) => {",
  },
];
