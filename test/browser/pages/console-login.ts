/** The console's dialog for linking a channel, on a channel that is told what it is. */
import type { ChannelState, ConfiguredChannel } from '../../../widget/client/configuration.ts';
import '../../../widget/console/login-dialog/index.ts';
import type { FoyerLoginDialog } from '../../../widget/console/login-dialog/login-dialog.ts';
import { tokens } from '../../../widget/theme/tokens.styles.ts';

let status: ChannelState = { state: 'starting', dropped: 0 };
let reads = 0;
const channel: ConfiguredChannel = {
  id: 'wa',
  type: 'whatsapp-web',
  name: 'Shop’s phone',
  queue: 'support',
  enabled: true,
  running: true,
  declared: false,
};

const house = document.createElement('div');
const root = house.attachShadow({ mode: 'open' });
root.adoptedStyleSheets = tokens.styleSheet === undefined ? [] : [tokens.styleSheet];
const dialog = document.createElement('foyer-login-dialog') as FoyerLoginDialog;
dialog.name = channel.name;
dialog.read = async () => {
  reads += 1;
  return { ...channel, status };
};
dialog.addEventListener('foyer-dismiss', () => dialog.remove());
root.append(dialog);
document.body.append(house);

Object.assign(globalThis, {
  /** For tests. */
  linking: {
    become(next: ChannelState) {
      status = next;
    },
    reads: () => reads,
  },
});
