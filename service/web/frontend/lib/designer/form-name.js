import { jsx, jsxs } from 'preact/jsx-runtime';
import { _ } from '../texts.js';

/** After the editor's own provider, whose group it extends. */
const PLACE = 400;

/** The name of a form, which form-js keeps in the schema and has no field for. */
class FormNameProvider {
  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(this, PLACE);
  }

  getGroups(field, editField) {
    return (groups) => {
      if (field?.type !== 'default') return groups;
      const entry = { id: 'name', component: FormName, field, editField, isEdited };
      return groups.map((group) =>
        group.id === 'general' ? { ...group, entries: [entry, ...group.entries] } : group,
      );
    };
  }
}
FormNameProvider.$inject = ['propertiesPanel'];

export default {
  __init__: ['formNameProvider'],
  formNameProvider: ['type', FormNameProvider],
};

function isEdited(input) {
  return input.value !== '';
}

/** Looks like the panel's own text fields, which the editor gives to nobody. */
function FormName({ field, editField }) {
  const id = 'bio-properties-panel-name';
  const input = jsx('input', {
    id,
    name: 'name',
    type: 'text',
    class: 'bio-properties-panel-input',
    spellcheck: 'false',
    autocomplete: 'off',
    maxlength: 200,
    'aria-describedby': `${id}-hint`,
    value: field.name ?? '',
    onInput: (event) => editField(field, 'name', event.target.value || undefined),
  });
  return jsxs('div', {
    class: 'bio-properties-panel-entry',
    'data-entry-id': 'name',
    children: [
      jsxs('div', {
        class: 'bio-properties-panel-textfield',
        children: [
          jsx('label', {
            for: id,
            class: 'bio-properties-panel-label',
            children: _('名称'),
          }),
          input,
        ],
      }),
      jsx('div', {
        id: `${id}-hint`,
        class: 'bio-properties-panel-description',
        children: _('列表和流程里用它来认这张表单。不填时用第一个标题。'),
      }),
    ],
  });
}
