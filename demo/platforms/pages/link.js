/** What the pages ask of the simulators. */
const base = '/simulators';

async function ask(path, options) {
  const response = await fetch(`${base}${path}`, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? `The simulator answered ${response.status}.`);
  return body;
}

const post = (path, body) =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export const phones = () => ask('/phones.json');
export const phone = (key) => ask(`/${key}/phone`);
export const person = (key, id) => ask(`/${key}/phone/people/${encodeURIComponent(id)}`);
export const addPerson = (key, name) => post(`/${key}/phone/people`, { name });
export const act = (key, id, action) => post(`/${key}/phone/people/${encodeURIComponent(id)}/actions`, action);
export const connect = (key) => post(`/${key}/phone/connect`, {});
export const control = (key, settings) => post(`/${key}/control`, settings);

/**
 * A file that somebody picked, drew or recorded.
 * @param {{ blob: Blob, name: string, duration?: number }} file
 */
export function sendFile(key, id, as, file, extra = {}) {
  const query = new URLSearchParams({ as, name: file.name });
  if (file.duration !== undefined) query.set('duration', String(Math.round(file.duration)));
  for (const [name, value] of Object.entries(extra)) if (value) query.set(name, value);
  return ask(`/${key}/phone/people/${encodeURIComponent(id)}/files?${query}`, {
    method: 'POST',
    headers: { 'content-type': file.blob.type || 'application/octet-stream' },
    body: file.blob,
  });
}

/**
 * Be told what changes. A browser holds few connections to one server, so a hidden page lets go of its own and asks
 * anew when it is seen again.
 * @param {string} path
 * @param {{ event(event: object): void, state(online: boolean): void, back(): void }} listener
 */
export function watch(path, listener) {
  let source;
  let interrupted = false;
  const open = () => {
    source = new EventSource(`${base}${path}`);
    source.addEventListener('message', ({ data }) => listener.event(JSON.parse(data)));
    source.addEventListener('error', () => {
      interrupted = true;
      listener.state(false);
    });
    source.addEventListener('open', () => {
      listener.state(true);
      if (interrupted) listener.back();
      interrupted = false;
    });
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') {
      source?.close();
      source = undefined;
      interrupted = true;
    } else if (source === undefined) open();
  });
  open();
}
