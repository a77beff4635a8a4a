import { island } from '../lib/island.js';
import { mountDesk } from '../lib/designer/desk.js';
import { open } from '../lib/designer/process-editor.js';

island('designer-process', (element, given) => mountDesk(element, given, open));
