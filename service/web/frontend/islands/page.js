import '@tabler/core/dist/css/tabler.min.css';
import '../lib/page.css';
import htmx from 'htmx.org';
import { openDialogs } from '../lib/dialogs.js';
import { watchForms } from '../lib/plain-forms.js';
import { watchFragments } from '../lib/fragments.js';
import { foldMenu } from '../lib/menu.js';
import { warnBeforeIdleExit } from '../lib/idle.js';
import { showPasswords } from '../lib/passwords.js';

foldMenu();
watchFragments(htmx);
watchForms();
openDialogs();
showPasswords();
warnBeforeIdleExit();
