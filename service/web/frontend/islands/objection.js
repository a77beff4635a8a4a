import { island } from '../lib/island.js';
import { sendForm } from '../lib/sent-form.js';

island('objection', sendForm);
