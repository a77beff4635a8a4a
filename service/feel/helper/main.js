/**
 * The helper: reads one request a line, answers one line, until its input ends.
 * The protocol is described in docs/feel.md.
 */
import './dom-stub.js';

import { arm, disarm, startAlarm } from './alarm.js';
import { analyse } from './analysis.js';
import { closeCalendar, keepCalendar, openCalendar } from './calendars.js';
import { decide } from './decision.js';
import { evaluate } from './expressions.js';
import { Failure, wordsFor } from './failure.js';
import { checkForm } from './form-check.js';
import { validateForm } from './form-validation.js';
import { readLines, writeLine } from './lines.js';

/** Beyond the caller's own limit, so that the caller is the one who stops a late call. */
const GRACE_SECONDS = 0.5;

const CALLS = {
  ping: () => null,
  calendar: keepCalendar,
  evaluate,
  analyse,
  decide,
  'validate-form': validateForm,
  'check-form': checkForm,
};

function answer(request) {
  try {
    openCalendar(request.calendar);
    const found = CALLS[request.call](request);
    const text = JSON.stringify({ id: request.id, answer: found, calendar: closeCalendar() });
    if (Buffer.byteLength(text) > request.answerLimit) {
      throw new Failure('result-too-large', { limit: request.answerLimit });
    }
    return text;
  } catch (error) {
    return JSON.stringify({ id: request.id, failure: failureOf(error) });
  }
}

function failureOf(error) {
  const { kind, fields } =
    error instanceof Failure ? error : { kind: 'evaluation', fields: { detail: wordsFor(error) } };
  return { kind, ...fields };
}

startAlarm();
writeLine(JSON.stringify({ ready: true }));
for (const line of readLines()) {
  const request = JSON.parse(line);
  arm(request.seconds + GRACE_SECONDS);
  writeLine(answer(request));
  disarm();
}
process.exit(0);
