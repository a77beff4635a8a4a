import { BoundedCache } from './bounded-cache.js';
import { evaluateBox } from './decision-boxes.js';
import { fault } from './decision-fault.js';
import { callable } from './decision-functions.js';
import { Scope } from './decision-scope.js';
import { Types } from './decision-types.js';
import { failureFrom } from './expressions.js';
import { setMoment, withTypes } from './feelin/runtime.js';
import { put, toJson } from './values.js';

/** In characters of programs. */
const LIMIT = 2_000_000;
/** Decisions told of one call, and rules of one decision: a service may be asked in a loop. */
const MOST_TOLD = 1_000;

const programs = new BoundedCache(LIMIT);

/**
 * Evaluates the decisions of a program in their order. Answers what each came to, `decisions`, and
 * why the last of them has no result, `failure`, or null.
 */
export function decide({ program, context, now }) {
  setMoment(now);
  return new Run(parsed(program), new Scope(context)).told();
}

function parsed(text) {
  let program = programs.get(text);
  if (program === undefined) {
    program = JSON.parse(text);
    programs.set(text, program, text.length);
  }
  return program;
}

/** A value for the record: null for functions and ranges in it, which are no fault before the result. */
function toldValue(value) {
  return toJson(value, () => null);
}

/** One evaluation: the results so far, and the record of how they came about. */
class Run {
  #program;
  #variables;
  #asked;
  #depth = 0;
  #records = [];
  #open = [];

  constructor(program, variables) {
    this.#program = program;
    this.#variables = variables;
    this.#asked = program.order.at(-1);
    this.types = new Types(program.types);
  }

  told() {
    try {
      withTypes(
        (name) => this.types.testOf(name),
        () => this.#evaluate(this.#program.order, this.#variables, new Map()),
      );
      return { decisions: this.#records, failure: null };
    } catch (error) {
      const { kind, fields } = failureFrom(error, 0);
      const failed = this.#open.at(-1).record;
      return {
        decisions: [...this.#records, failed],
        failure: { kind, ...fields, decision: failed.id },
      };
    }
  }

  noteInputs(table, values) {
    const { record, logic } = this.#open.at(-1);
    if (table === logic) {
      record.inputs = table.inputs.map(({ id, label }, i) => ({ id, name: label, value: toldValue(values[i]) }));
    }
  }

  noteRules(table, rows) {
    const { record } = this.#open.at(-1);
    for (const { rule, outputs } of rows.slice(0, MOST_TOLD - record.rules.length)) {
      record.rules.push({
        id: rule.id,
        index: rule.index,
        outputs: outputs.map((value, i) => {
          const { id, label } = table.outputs[i];
          return { id, name: label, value: toldValue(value) };
        }),
      });
    }
  }

  deeper(name, limit, call) {
    if (this.#depth >= limit) {
      throw fault('too-deep', `“${name}”一层层调用超过 ${limit} 层`);
    }
    this.#depth += 1;
    try {
      return call();
    } finally {
      this.#depth -= 1;
    }
  }

  /** Fills `results` with the decisions in this order that it does not have yet. */
  #evaluate(order, outside, results) {
    for (const id of order) {
      if (!results.has(id)) {
        results.set(id, this.#decision(id, outside, results));
      }
    }
  }

  #decision(id, outside, results) {
    const decision = this.#program.decisions[id];
    const record = { id, output: null, inputs: [], rules: [] };
    this.#open.push({ record, logic: decision.logic });
    const scope = this.#scopeOf(decision, outside, results);
    const value = evaluateBox(decision.logic, scope, this);
    const found = this.types.fitted(value, decision.type, decision.label, 'output');
    record.output = id === this.#asked ? toJson(found) : toldValue(found);
    this.#open.pop();
    if (this.#records.length < MOST_TOLD) {
      this.#records.push(record);
    }
    return found;
  }

  #scopeOf(decision, outside, results) {
    const entries = {};
    for (const { name, type } of decision.inputs) {
      if (outside.has(name)) {
        put(entries, name, this.types.fitted(outside.context[name], type, name, 'input'));
      }
    }
    for (const { id, name } of decision.decisions) {
      put(entries, name, results.get(id));
    }
    return outside.with({ ...entries, ...this.#functions(decision.functions) });
  }

  #functions(ids) {
    const found = {};
    for (const id of ids) {
      const { name } = this.#program.functions[id];
      put(found, name, this.#function(id));
    }
    return found;
  }

  #function(id) {
    const { name, parameters, ...rest } = this.#program.functions[id];
    const body = rest.service ? this.#service(rest) : this.#knowledge(id, rest);
    return callable(name, parameters, this, body);
  }

  /** A business knowledge model sees its parameters, itself and what it requires: nothing else. */
  #knowledge(id, { body, functions, type, name }) {
    return (given) => {
      const scope = new Scope({ ...this.#functions([id, ...functions]), ...given });
      return this.types.fitted(evaluateBox(body, scope, this), type, name, 'value');
    };
  }

  /** A decision service evaluates its decisions anew over what it is given. */
  #service({ order, outputs, inputDecisions }) {
    return (given) => {
      const results = new Map(inputDecisions.map(({ id, name }) => [id, given[name]]));
      this.#evaluate(order, this.#variables.with(given), results);
      if (outputs.length === 1) {
        return results.get(outputs[0].id);
      }
      const context = {};
      for (const { id, name } of outputs) {
        put(context, name, results.get(id));
      }
      return context;
    };
  }
}
