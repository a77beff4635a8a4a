// The editor is made for the viewer that comes inside of it, and needs that one's styles.
import '@form-js-editor-viewer/dist/assets/form-js.css';
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor.css';
import '@bpmn-io/form-js-editor/dist/assets/dragula.css';
import '@bpmn-io/form-js-editor/dist/assets/properties-panel.css';
import { FormEditor } from '@bpmn-io/form-js-editor';
import { writeDaysInOneWay } from '../day-field.js';
import { finishDom } from '../form-dom.js';
import formName from './form-name.js';

writeDaysInOneWay();

/** Shows a form to be changed. Rejects what is no form. */
export async function draw(canvas, { schema, onChange }) {
  const editor = new FormEditor({
    container: canvas,
    debounce: false,
    additionalModules: [formName],
  });
  try {
    await editor.importSchema(schema);
  } catch (error) {
    editor.destroy();
    throw error;
  }
  editor.on('changed', onChange);
  finishDom(canvas);
  return {
    content: async () => `${JSON.stringify(editor.saveSchema(), null, 2)}\n`,
    mark: () => {},
    select: (problem) => select(editor, canvas, problem),
    settle: async () => {
      if (canvas.contains(document.activeElement)) document.activeElement.blur();
    },
  };
}

function select(editor, canvas, { elementId, elementName }) {
  const fields = editor.get('formFieldRegistry').getAll();
  const field =
    fields.find(({ id }) => id === elementId) ?? fields.find(({ key }) => key === elementName);
  if (!field) return;
  editor.get('selection').set(field);
  const shown = canvas.querySelector(`.fjs-element[data-id="${CSS.escape(field.id)}"]`);
  shown?.scrollIntoView({ block: 'center' });
}
