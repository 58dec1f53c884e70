import { anna, startMediaServer } from './media-server.ts';

/** A media server in a process of its own, whose memory can be measured. Answers every message with its peak since the last. */
const server = await startMediaServer();
let peak = 0;
const sample = () => {
  peak = Math.max(peak, process.memoryUsage().rss);
};
setInterval(sample, 20);
process.on('message', async (message: string) => {
  if (message.startsWith('address ')) {
    const [address] = await server.cache.addresses('default', anna, [message.slice(8)]);
    process.send?.({ url: address?.url });
    return;
  }
  if (message === 'stop') {
    await server.stop();
    process.exit(0);
  }
  sample();
  process.send?.({ peak });
  peak = 0;
});
process.send?.({ url: server.url });
