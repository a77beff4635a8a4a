const HOLDER = 'zeebe:Properties';

/** The value of an extension property, undefined where it is not set. */
export function readProperty(owner, name) {
  return propertiesOf(holderOf(owner)).find((one) => one.name === name)?.value;
}

/**
 * Sets an extension property, or takes it away where the value is undefined; one step of undoing.
 * `owner` is what has the property, `element` what is drawn for it.
 */
export function writeProperty({ modeling, moddle, element, owner }, name, value) {
  const holder = holderOf(owner);
  const others = propertiesOf(holder).filter((one) => one.name !== name);
  const update = (target, values) => modeling.updateModdleProperties(element, target, values);
  const made = value === undefined ? [] : [create(moddle, 'zeebe:Property', holder, { name, value })];
  if (holder && others.length + made.length > 0) {
    update(holder, { properties: [...others, ...made] });
  } else if (holder) {
    const values = owner.extensionElements.values.filter((one) => one !== holder);
    update(owner.extensionElements, { values });
  } else if (made.length > 0) {
    addHolder(update, moddle, owner, made);
  }
}

function addHolder(update, moddle, owner, properties) {
  const extensions =
    owner.extensionElements ?? create(moddle, 'bpmn:ExtensionElements', owner, { values: [] });
  const holder = create(moddle, HOLDER, extensions, { properties });
  for (const one of properties) one.$parent = holder;
  const values = [...(extensions.values ?? []), holder];
  if (owner.extensionElements) {
    update(extensions, { values });
  } else {
    extensions.values = values;
    update(owner, { extensionElements: extensions });
  }
}

function create(moddle, type, parent, attributes) {
  const made = moddle.create(type, attributes);
  made.$parent = parent;
  return made;
}

function holderOf(owner) {
  return owner.extensionElements?.values?.find((one) => one.$instanceOf?.(HOLDER));
}

function propertiesOf(holder) {
  return holder?.properties ?? [];
}
