/** What is drawn for an element of the model: a process that has no frame is the whole plane. */
export function elementOf(viewer, id) {
  if (!id) return null;
  const registry = viewer.get('elementRegistry');
  return (
    registry.get(id) ??
    registry.find(({ businessObject }) => businessObject?.processRef?.id === id) ??
    registry.find(({ businessObject }) => isInside(businessObject, id)) ??
    null
  );
}

/** The nearest drawn element that holds a part which has an id and no picture of its own. */
function isInside(businessObject, id) {
  if (!businessObject || businessObject.flowElements || businessObject.participants) return false;
  const parts = [
    ...(businessObject.eventDefinitions ?? []),
    businessObject.loopCharacteristics,
    businessObject.conditionExpression,
  ];
  return parts.some((part) => part?.id === id);
}
