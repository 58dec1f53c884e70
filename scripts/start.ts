import { build, buildIsStale } from './build.ts';

/** `npm start`: what browsers load is built when it is missing or older than its sources; then the server runs. */
if (await buildIsStale()) {
  process.stdout.write('Building the widget, the desk and the console …\n');
  await build();
}
await import('../channel-server/main.ts');
