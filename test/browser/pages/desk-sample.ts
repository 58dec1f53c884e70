/** The real desk on a made-up server: many sessions in many states, to be looked at and checked for accessibility. */
import '../../../widget/desk/index.ts';
import { fakeAccess } from './sample/access.ts';
import { fakeLink } from './sample/link.ts';
import { activity, logs, newest } from './sample/logs.ts';

const desk = document.createElement('foyer-desk');
const link = fakeLink();
desk.createLink = () => link;
desk.createAccess = () => fakeAccess();
document.body.append(desk);
/** For tests: the element that has the focus, through all shadow roots. */
function deepFocus(): Element | null {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found;
}

const sampleDesk = () => ({
  drop: () => link.drop(),
  receive(session: string, text: string) {
    const seq = (newest.get(session) ?? 9) + 1;
    newest.set(session, seq);
    const added = activity(session, seq, 0, { text });
    logs[session]?.push(added);
    link.say({ name: 'activities:added', payload: { items: [{ activity: added, prev: seq - 1 }] } });
  },
  type(session: string) {
    link.say({ name: 'typing:changed', payload: { session, from: { id: 'vis_1', role: 'user' }, typing: true } });
  },
});
Object.assign(globalThis, { deepFocus, sampleDesk });
