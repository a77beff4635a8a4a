const WARNING = /^⚠\s*/;

/**
 * Where and why a text refuses a submission while it is shown: `{ key, message }`, or null.
 * A text does by its property `jiaoyan.refuses`, the key of a field beside it;
 * `jiaoyan.refuses-at` limits it to these outcomes, separated by commas.
 */
export function refusalOf({ type, text, properties }, outcome) {
  const key = properties?.['jiaoyan.refuses'];
  if (type !== 'text' || !key) {
    return null;
  }
  const outcomes = String(properties['jiaoyan.refuses-at'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const counts = outcomes.length === 0 || outcomes.includes(outcome);
  return counts ? { key: String(key), message: String(text).replace(WARNING, '') } : null;
}
