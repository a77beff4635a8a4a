import { island } from '../lib/island.js';
import { mountDesk } from '../lib/designer/desk.js';
import { open } from '../lib/designer/form-editor.js';

island('designer-form', (element, given) => mountDesk(element, given, open));
