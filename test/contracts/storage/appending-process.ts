import { writeSync } from 'node:fs';
import { openStorage } from '../../../channel-server/storage/open-storage.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/silent-log.ts';
import { append, aSession, insert, message } from './samples.ts';

/**
 * Appends to a store without end, naming on its output each activity that was acknowledged: `<key> <seq>`.
 * Arguments: the data folder, a name for this run.
 */
const [dataDir = '', run = ''] = process.argv.slice(2);
const store = await openStorage({ dataDir, clock: fakeClock(), log: silentLog() });
const sessions = Array.from({ length: 10 }, (_, n) => aSession({ id: `ses_${n}`, conversation: `visitor:${n}` }));
await store.unitOfWork.commit(sessions.map((session) => insert('session', session, { ignore: true })));
writeSync(1, 'ready\n');

await Promise.all(
  Array.from({ length: 40 }, async (_, sender) => {
    const session = sessions[sender % sessions.length] ?? aSession();
    for (let n = 0; ; n++) {
      const clientId = `${run}-${sender}-${n}`;
      const sent = append(session, message(clientId, { clientId }), { keyScope: 'visitor:load' });
      const result = await store.unitOfWork.commit([sent]);
      if (result.outcome !== 'applied') throw new Error(result.outcome);
      writeSync(1, `${clientId} ${session.id}.${result.appended[0]?.activity.seq}\n`);
    }
  }),
);
