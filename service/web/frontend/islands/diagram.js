import { island } from '../lib/island.js';
import { mountDiagram } from '../lib/diagram-view.js';

island('diagram', mountDiagram);
