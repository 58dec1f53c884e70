import { join } from 'node:path';
import { systemClock, systemIds } from '../../channel-server/runtime.ts';
import { openStorage } from '../../channel-server/storage/open-storage.ts';
import { silentLog } from '../support/silent-log.ts';
import { outboxHouse } from './outbox-house.ts';

/** A process of its own that sends what its folder's store holds, until it is killed. Says "ready", then each line it was told to write. */
const [folder = '', url = '', keyed = ''] = process.argv.slice(2);
const storage = await openStorage({ dataDir: join(folder, 'data'), clock: systemClock, log: silentLog() });
const house = await outboxHouse({ storage, time: systemClock, ids: systemIds, alone: true });
if (house.channels.running('post') === undefined) {
  await house.addChannel('post', { url }, { keyed: keyed === 'keyed' });
}
await house.outbox.start();
process.stdout.write('ready\n');

const sessions = new Map<string, string>();
let rest = '';
let turn = Promise.resolve();
process.stdin.on('data', (chunk: Buffer) => {
  const lines = (rest + chunk.toString()).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) turn = turn.then(() => write(line));
});

async function write(line: string): Promise<void> {
  const [conversation = ''] = line.split(' ');
  let session = sessions.get(conversation);
  session ??= (await storage.sessions.openSession('acme', 'post', conversation))?.id;
  session ??= await house.open('post', conversation);
  sessions.set(conversation, session);
  await house.write(session, line);
  process.stdout.write(`${line}\n`);
}
