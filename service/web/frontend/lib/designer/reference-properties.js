import { SelectEntry, isSelectEntryEdited } from '@bpmn-io/properties-panel';
import { jsx } from '@bpmn-io/properties-panel/preact/jsx-runtime';
import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';
import { useService } from 'bpmn-js-properties-panel';
import { _ } from '../texts.js';
import { extensionOf, writeExtension } from './zeebe-extensions.js';

/** After the groups of Camunda 8, whose provider has the usual place of 1000 and below. */
const PLACE = 390;

/** In the select for what is not in the list; no id has a blank in it. */
const OTHER = ' ';

/**
 * The groups in which a diagram refers to another design, by the panel's id of the group. `nothing`
 * is written where none is chosen; undefined takes the extension away.
 */
const PLACES = {
  form: {
    type: 'zeebe:FormDefinition',
    attribute: 'formId',
    nothing: undefined,
    kind: 'form',
    label: _('选择表单'),
    none: _('（不用表单）'),
    other: _('填写别的表单的编号'),
    // Our select says it better, unless there is a kind of form that does not run here.
    instead: 'formType',
  },
  calledDecision: {
    type: 'zeebe:CalledDecision',
    attribute: 'decisionId',
    nothing: '',
    kind: 'decision',
    label: _('选择决策'),
    none: _('（还没有选择）'),
    other: _('编号不在列表里，见下面'),
  },
  calledElement: {
    type: 'zeebe:CalledElement',
    attribute: 'processId',
    nothing: '',
    kind: 'process',
    label: _('选择流程'),
    none: _('（还没有选择）'),
    other: _('编号不在列表里，见下面'),
  },
};

class ReferencePropertiesProvider {
  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(PLACE, this);
  }

  getGroups(element) {
    return (groups) =>
      groups.map((group) => {
        const place = PLACES[group.id];
        if (!place || group.entries.length === 0 || isOfAnotherKind(element, place)) return group;
        const entries = group.entries.filter(({ id }) => id !== place.instead);
        return { ...group, entries: [entry(element, place), ...entries] };
      });
  }
}
ReferencePropertiesProvider.$inject = ['propertiesPanel'];

export default {
  __init__: ['referencePropertiesProvider'],
  referencePropertiesProvider: ['type', ReferencePropertiesProvider],
};

/** A form by its own JSON or by a key of somebody else's: as the panel shows it. */
function isOfAnotherKind(element, { kind, type }) {
  if (kind !== 'form') return false;
  const owner = getBusinessObject(element);
  const form = extensionOf(owner, type);
  return form ? form.formId === undefined : Boolean(extensionOf(owner, 'zeebe:UserTaskForm'));
}

function entry(element, place) {
  return {
    id: `jiaoyan-${place.kind}`,
    element,
    place,
    component: ReferenceProperty,
    isEdited: isSelectEntryEdited,
  };
}

function ReferenceProperty({ element, id, place }) {
  const modeling = useService('modeling');
  const moddle = useService('bpmnFactory');
  const known = useService('designReferences').of(place.kind);
  const owner = getBusinessObject(element);
  const written = extensionOf(owner, place.type)?.[place.attribute];
  const found = known.find((one) => one.id === written);
  const write = (value) =>
    writeExtension({ modeling, moddle, element, owner }, place.type, place.attribute, value);
  return SelectEntry({
    element,
    id,
    label: place.label,
    description: found && openLink(found),
    getValue: () => (written === place.nothing ? '' : (found?.id ?? OTHER)),
    setValue: (value) => write(value === OTHER ? '' : value || place.nothing),
    getOptions: () => [
      { value: '', label: place.none },
      ...known.map(option),
      { value: OTHER, label: place.other },
    ],
  });
}

function option({ id, name, published }) {
  const label = name === id ? id : _('{name}（{id}）', { name, id });
  return { value: id, label: published ? label : _('{label}，还没有发布', { label }) };
}

function openLink({ url, name }) {
  const text = _('打开“{name}”', { name });
  return jsx('a', { href: url, target: '_blank', rel: 'noopener', children: text });
}
