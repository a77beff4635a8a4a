import { formFields } from '@bpmn-io/form-js-viewer';

/** Every component type that form-js knows. */
export const TYPES = new Set(formFields.map(({ config }) => config.type).filter((type) => type !== 'default'));

/** The types that submit a value under their key. */
export const KEYED = new Set(formFields.filter(({ config }) => config.keyed).map(({ config }) => config.type));

/** The types that offer options. */
export const CHOICES = new Set(['radio', 'select', 'checklist', 'taglist']);

/** One part of a field's key; as service/feel/identifiers.py has it. */
export const PLAIN = /^[\p{L}_][\p{L}\p{N}_]{0,254}$/u;
