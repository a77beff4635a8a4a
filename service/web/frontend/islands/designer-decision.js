import { island } from '../lib/island.js';
import { mountDesk } from '../lib/designer/desk.js';
import { open } from '../lib/designer/decision-editor.js';

island('designer-decision', (element, given) => mountDesk(element, given, open));
