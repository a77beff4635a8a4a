/** The extension of this type of a business object, undefined where it has none. */
export function extensionOf(owner, type) {
  return owner.extensionElements?.values?.find((one) => one.$instanceOf?.(type));
}

/**
 * Sets one attribute of an extension, which is made where it is missing; takes the whole extension
 * away where the value is undefined. One step of undoing.
 */
export function writeExtension({ modeling, moddle, element, owner }, type, attribute, value) {
  const extension = extensionOf(owner, type);
  const update = (target, values) => modeling.updateModdleProperties(element, target, values);
  if (extension && value === undefined) {
    const values = owner.extensionElements.values.filter((one) => one !== extension);
    update(owner.extensionElements, { values });
  } else if (extension) {
    update(extension, { [attribute]: value });
  } else if (value !== undefined) {
    addExtension({ moddle, owner, update }, type, { [attribute]: value });
  }
}

function addExtension({ moddle, owner, update }, type, attributes) {
  const extensions = owner.extensionElements ?? moddle.create('bpmn:ExtensionElements', { values: [] });
  extensions.$parent = owner;
  const made = moddle.create(type, attributes);
  made.$parent = extensions;
  const values = [...(extensions.values ?? []), made];
  if (owner.extensionElements) {
    update(extensions, { values });
  } else {
    extensions.values = values;
    update(owner, { extensionElements: extensions });
  }
}
