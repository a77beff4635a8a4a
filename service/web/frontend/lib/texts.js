/**
 * A text for people, with `{name}` filled in. The source texts are Chinese and are extracted into
 * the same catalogue as the texts of the templates (service/web/translations).
 */
export function _(text, values = {}) {
  return text.replace(/{(\w+)}/g, (hole, name) => (name in values ? String(values[name]) : hole));
}
