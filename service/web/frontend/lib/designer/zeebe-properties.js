import { extensionOf, writeExtension } from './zeebe-extensions.js';

const HOLDER = 'zeebe:Properties';

/** The value of an extension property, undefined where it is not set. */
export function readProperty(owner, name) {
  return propertiesOf(owner).find((one) => one.name === name)?.value;
}

/**
 * Sets an extension property, or takes it away where the value is undefined; one step of undoing.
 * `owner` of the context is what has the property, `element` what is drawn for it.
 */
export function writeProperty(context, name, value) {
  const { moddle, owner } = context;
  const properties = propertiesOf(owner).filter((one) => one.name !== name);
  if (value !== undefined) properties.push(moddle.create('zeebe:Property', { name, value }));
  writeExtension(context, HOLDER, 'properties', properties.length ? properties : undefined);
  for (const one of properties) one.$parent = extensionOf(owner, HOLDER);
}

function propertiesOf(owner) {
  return extensionOf(owner, HOLDER)?.properties ?? [];
}
