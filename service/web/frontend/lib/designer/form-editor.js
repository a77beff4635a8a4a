/**
 * Shows a form to be changed, or as people will fill it in. Rejects what is no form. Editor and
 * viewer are of two releases with styles of the same names: only one of them is loaded.
 */
export async function open(element, { content, readOnly, onChange }) {
  const canvas = element.querySelector('[data-canvas]');
  const schema = JSON.parse(content);
  if (!readOnly) {
    const { draw } = await import('./form-drawing.js');
    return draw(canvas, { schema, onChange });
  }
  const { showForm } = await import('../form-view.js');
  await showForm(canvas, { schema, data: {}, readOnly: true });
  return { content: async () => content, mark: () => {}, select: () => {}, settle: async () => {} };
}
