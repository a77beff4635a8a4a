import { island } from '../lib/island.js';
import { mountBars } from '../lib/bar-chart.js';

island('bars', mountBars);
