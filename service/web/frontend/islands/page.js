import '@tabler/core/dist/css/tabler.min.css';
import '../lib/page.css';
import '../lib/calendar.css';
import htmx from 'htmx.org';
import { copyFields } from '../lib/copying.js';
import { openDialogs } from '../lib/dialogs.js';
import { watchForms } from '../lib/plain-forms.js';
import { watchFragments } from '../lib/fragments.js';
import { foldParts } from '../lib/folds.js';
import { warnBeforeIdleExit } from '../lib/idle.js';
import { showPasswords } from '../lib/passwords.js';

foldParts();
watchFragments(htmx);
watchForms();
openDialogs();
showPasswords();
copyFields();
warnBeforeIdleExit();
