import { island } from '../lib/island.js';
import { mountForm } from '../lib/form-desk.js';

island('form', mountForm);
