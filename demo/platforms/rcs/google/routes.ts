import type { ApiAnswer, ApiRequest, ApiRoute } from '../../phone/api.ts';
import { type Fields, fieldsOf, isObject, jsonOf, textOf } from '../../phone/checks.ts';
import { fetchLink, isPublicAddress } from '../../phone/fetch-link.ts';
import { bareType, typeOf } from '../../phone/file-type.ts';
import type { Ground } from '../../phone/platform.ts';
import { token } from '../../phone/world.ts';
import { fileLife, type RbmAccount, remember } from './account.ts';
import { expiresAt, messageProblems } from './check-message.ts';
import type { RbmEvents } from './events.ts';
import type { RbmOauth } from './oauth.ts';
import { refuse, refused } from './refusal.ts';
import { loadFiles, shownMessage } from './show.ts';

/** Source: Google RBM reference, files.create. */
const fileTypes =
  /^(image\/(jpeg|jpg|gif|png)|audio\/(aac|mp3|mpeg|mpg|mp4|mp4-latm|3gpp|ogg)|application\/(ogg|pdf)|video\/(h263|m4v|mp4|mpeg|mpeg4|webm))$/;
const payloadBytes = 250_000;
const fileBytes = 100_000_000;
const features = [
  'RICHCARD_STANDALONE',
  'RICHCARD_CAROUSEL',
  'ACTION_CREATE_CALENDAR_EVENT',
  'ACTION_DIAL',
  'ACTION_OPEN_URL',
  'ACTION_SHARE_LOCATION',
  'ACTION_VIEW_LOCATION',
];

/** Google's RCS Business Messaging API. Source: Google RBM reference. */
export function createRbmRoutes(ground: Ground, account: RbmAccount, oauth: RbmOauth, events: RbmEvents): ApiRoute[] {
  const { world, phone, shelf } = ground;
  const known = {
    isPublic: (address: unknown) => isPublicAddress(ground, address),
    hasFile(name: unknown) {
      const file = account.files.get(String(name));
      return file !== undefined && file.until > world.now() && shelf.get(file.shelved) !== undefined;
    },
  };

  function bodyOf({ headers, body }: ApiRequest): Fields {
    if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
      refuse(400, 'Invalid JSON payload received. Expected content type application/json.');
    }
    const value = jsonOf(body);
    return isObject(value) ? value : refuse(400, 'Invalid JSON payload received. Unexpected token.');
  }

  /** The phone that is written to: one without RCS is not found. */
  function phoneOf({ params }: ApiRequest): string {
    const number = params.phone ?? '';
    if (!/^\+\d{6,15}$/.test(number)) refuse(400, `Phone number must be in E.164 format: ${number}`);
    if (account.people.get(number)?.rcs !== true) refuse(404, 'Requested entity was not found.');
    return number;
  }

  function idOf({ query }: ApiRequest, name: string): string {
    return textOf(query.get(name)) ?? refuse(400, `${name} is required.`);
  }

  async function send(request: ApiRequest): Promise<ApiAnswer> {
    oauth.authorize(request);
    const id = idOf(request, 'messageId');
    if (request.body.length > payloadBytes) refuse(400, 'Message payload exceeds 250 KB.');
    const body = bodyOf(request);
    const number = phoneOf(request);
    const problems = messageProblems(body, known, world.now());
    if (problems.length > 0) refuse(400, problems[0]?.message ?? 'Request contains an invalid argument.', problems);
    const resource = {
      name: `phones/${number}/agentMessages/${id}`,
      sendTime: new Date(world.now()).toISOString(),
      contentMessage: body.contentMessage,
    };
    // A repeated id is ignored without a word.
    if (account.taken.has(id)) return { status: 200, body: resource };
    remember(account.taken, id, number);
    put(number, id, fieldsOf(body.contentMessage), expiresAt(body, world.now()));
    return { status: 200, body: resource };
  }

  function put(number: string, id: string, content: Fields, until: number | undefined): void {
    const arrive = () => {
      const shown = shownMessage(content, id, world.now());
      phone.show(number, shown);
      void loadFiles(ground, account, content, shown);
      events.arrived(number, id);
    };
    if (account.people.get(number)?.online === true) {
      arrive();
      return;
    }
    const done = () => account.waiting.delete(id);
    const end =
      until === undefined
        ? () => undefined
        : world.after(until - world.now(), () => {
            done();
            events.expired(number, id);
          });
    account.waiting.set(id, {
      personId: number,
      arrive() {
        end();
        done();
        arrive();
      },
      cancel() {
        end();
        done();
      },
    });
  }

  function revoke(request: ApiRequest): ApiAnswer {
    oauth.authorize(request);
    // Answered alike whether it came in time or not.
    account.waiting.get(request.params.message ?? '')?.cancel();
    return { status: 200, body: {} };
  }

  function agentEvent(request: ApiRequest): ApiAnswer {
    oauth.authorize(request);
    const id = idOf(request, 'eventId');
    const body = bodyOf(request);
    const number = phoneOf(request);
    const { eventType, messageId } = body;
    if (eventType !== 'IS_TYPING' && eventType !== 'READ') {
      refuse(400, `Invalid value at 'agent_event.event_type': ${JSON.stringify(eventType)}`);
    }
    if (!account.taken.has(id)) {
      if (eventType === 'IS_TYPING') phone.typing(number, 20_000);
      else markRead(number, messageId);
      remember(account.taken, id, number);
    }
    const sendTime = new Date(world.now()).toISOString();
    return { status: 200, body: { name: `phones/${number}/agentEvents/${id}`, ...body, sendTime } };
  }

  function markRead(number: string, messageId: unknown): void {
    const found = phone.find(String(messageId));
    if (textOf(messageId) === undefined || (found !== undefined && found.person.id !== number)) {
      refuse(400, 'messageId is required for READ events.');
    }
    if (found?.message.by === 'customer') phone.change(found.message.id, { state: 'read' });
  }

  function capabilities(request: ApiRequest): ApiAnswer {
    oauth.authorize(request);
    idOf(request, 'requestId');
    const number = phoneOf(request);
    return { status: 200, body: { name: `phones/${number}/capabilities`, features } };
  }

  function keep(bytes: Buffer, contentType: string, name: string): ApiAnswer {
    const type = bareType(contentType);
    const found = typeOf(bytes);
    if (!fileTypes.test(type)) refuse(400, `Unsupported MIME type: ${type}`);
    if (bytes.length === 0) refuse(400, 'File is empty.');
    if (bytes.length > fileBytes) refuse(400, 'File exceeds 100 MB.');
    if (found !== undefined && found.split('/')[0] !== type.split('/')[0] && !/ogg|pdf|mp4|3gpp/.test(found)) {
      refuse(400, 'File content does not match its MIME type.');
    }
    const resource = `files/${token(world, 24)}`;
    const kept = shelf.put({ bytes, contentType: type, name });
    remember(account.files, resource, { shelved: kept.id, until: world.now() + fileLife });
    return { status: 200, body: { name: resource } };
  }

  function upload(request: ApiRequest): ApiAnswer {
    oauth.authorize(request);
    const type = request.headers['content-type'] ?? '';
    return keep(request.body, type, 'file');
  }

  async function uploadLink(request: ApiRequest): Promise<ApiAnswer> {
    const { agentId, fileUrl, thumbnailUrl } = bodyOf(request);
    const query = new URLSearchParams(request.query);
    if (!query.has('agentId') && typeof agentId === 'string') query.set('agentId', agentId);
    oauth.authorize({ ...request, query });
    if (!known.isPublic(fileUrl)) refuse(400, 'fileUrl must be a publicly reachable URL');
    if (thumbnailUrl !== undefined && !known.isPublic(thumbnailUrl)) {
      refuse(400, 'thumbnailUrl must be a publicly reachable URL');
    }
    const fetched = await fetchLink(ground, String(fileUrl), fileBytes);
    if ('problem' in fetched) return refuse(400, `Failed to fetch file: ${fetched.problem}`);
    return keep(fetched.bytes, fetched.contentType, fetched.name);
  }

  function blob({ params }: ApiRequest): ApiAnswer {
    const file = shelf.get(params.id ?? '');
    if (file === undefined) return gone;
    return { status: 200, headers: { 'content-type': file.contentType }, body: file.bytes };
  }

  const gone = refused(404, 'Requested entity was not found.');
  return [
    { method: 'POST', path: '/token', hosts: ['oauth2.googleapis.com'], handle: oauth.issue },
    { method: 'POST', path: '/v1/phones/:phone/agentMessages', handle: send },
    { method: 'DELETE', path: '/v1/phones/:phone/agentMessages/:message', handle: revoke },
    { method: 'POST', path: '/v1/phones/:phone/agentEvents', handle: agentEvent },
    { method: 'GET', path: '/v1/phones/:phone/capabilities', handle: capabilities },
    { method: 'POST', path: '/upload/v1/files', handle: upload },
    { method: 'POST', path: '/v1/files', handle: uploadLink },
    { method: 'GET', path: '/blob/:id/:part', hosts: ['rcs-copper-us.googleapis.com'], handle: blob, gone },
  ];
}
