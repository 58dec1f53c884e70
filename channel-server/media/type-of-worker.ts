import { parentPort } from 'node:worker_threads';
import { fileTypeFromBuffer } from 'file-type';

/** Runs apart from the server, which ends this thread when a hostile file keeps it busy. */
parentPort?.on('message', (head: Uint8Array) => {
  fileTypeFromBuffer(head).then(
    (found) => parentPort?.postMessage(found?.mime),
    // A parser that gives up has not recognised the file.
    () => parentPort?.postMessage(undefined),
  );
});
