import { type ApiAnswer, ApiRefusal, type ApiRequest, type ApiRoute } from '../phone/api.ts';
import { type Fields, fieldsOf, isObject, jsonOf, listOf, textOf, unknownKeys } from '../phone/checks.ts';
import { isPublicAddress } from '../phone/fetch-link.ts';
import { extensionOf } from '../phone/file-type.ts';
import type { Ground } from '../phone/platform.ts';
import { same } from '../phone/same.ts';
import { digits, token } from '../phone/world.ts';
import { activities, conversationId, snowflake, type TwitterAccount, type TwitterSubscription } from './account.ts';
import { createAuthorization, problem } from './authorize.ts';
import type { TwitterEvents } from './events.ts';
import { createTwitterMedia, invalid } from './media.ts';
import { type TwitterWebhook, usernameOf } from './webhook.ts';

const windowLength = 15 * 60_000;
const perDay = 1_440;
const accessLife = 7_200;

export const tooMany = problem(429, 'Too Many Requests');
const notFound = (what: string, id: string) =>
  problem(
    404,
    'Not Found Error',
    `Could not find ${what} with id: [${id}].`,
    'https://api.twitter.com/2/problems/resource-not-found',
  );

/** X's API v2, as far as direct messages need it. Source: X Developer Platform and its OpenAPI description. */
export function createTwitterRoutes(
  ground: Ground,
  account: TwitterAccount,
  events: TwitterEvents,
  webhook: TwitterWebhook,
): ApiRoute[] {
  const { world, phone, shelf } = ground;
  const { subscriptions } = account;
  const authorized = createAuthorization(ground, account);
  const media = createTwitterMedia(ground, authorized);

  function bodyOf(request: ApiRequest): Fields {
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      throw new ApiRefusal(problem(415, 'Unsupported Media Type'));
    }
    const body = jsonOf(request.body);
    if (!isObject(body)) throw new ApiRefusal(invalid('body', '', 'The request body is not valid JSON.'));
    return body;
  }

  /** Headers that tell how many sends are left. */
  function rates(): { headers: Record<string, string>; left: number } {
    const now = world.now();
    account.sends = account.sends.filter((at) => at > now - 24 * 60 * 60_000);
    const recent = account.sends.filter((at) => at > now - windowLength);
    const left = ground.limits.count
      ? Math.max(0, Math.min(account.sendsPerWindow - recent.length, perDay - account.sends.length))
      : account.sendsPerWindow;
    const reset = Math.ceil(((recent[0] ?? now) + windowLength) / 1000);
    return {
      left,
      headers: {
        'x-rate-limit-limit': String(account.sendsPerWindow),
        'x-rate-limit-remaining': String(left),
        'x-rate-limit-reset': String(reset),
        'x-app-limit-24hour-limit': String(perDay),
        'x-app-limit-24hour-remaining': String(perDay - account.sends.length),
      },
    };
  }

  function send(request: ApiRequest, personId: string | undefined): ApiAnswer {
    authorized(request);
    const { left, headers } = rates();
    if (left === 0) return { ...tooMany, headers: { ...tooMany.headers, ...headers } };
    const body = bodyOf(request);
    const strange = unknownKeys(body, ['text', 'attachments'])[0];
    if (strange !== undefined)
      return invalid(
        strange,
        '',
        `$.${strange}: is not defined in the schema and the schema does not allow additional properties`,
      );
    const attachments = listOf(body.attachments).map(fieldsOf);
    const text = textOf(body.text);
    if (text === undefined && attachments.length === 0)
      return invalid('text', '', '$: required object properties not present: text or attachments');
    if (text !== undefined && text.length > 10_000)
      return invalid('text', `${text.length} characters`, 'Text is longer than 10000 characters.');
    if (attachments.length > 1)
      return invalid('attachments', attachments.length, 'A message has at most one attachment.');
    const person = phone.person(personId ?? '');
    if (person === undefined) return notFound('user', personId ?? '');
    if (!person.follows || ground.misbehaviour.takes('windowClosed', request.path)) {
      return problem(403, 'Forbidden', 'You cannot send messages to this user.', 'about:blank', {
        errors: [{ code: 349, message: 'You cannot send messages to this user.' }],
      });
    }
    const mediaId = attachments[0]?.media_id;
    if (mediaId !== undefined && !media.usable(String(mediaId)))
      return invalid('attachments.media_id', mediaId, 'Your media IDs are invalid.');
    account.sends.push(world.now());
    const id = put(person.id, text, mediaId === undefined ? undefined : String(mediaId));
    return {
      status: 201,
      headers: rates().headers,
      body: { data: { dm_conversation_id: conversationId(person.id, account.id), dm_event_id: id } },
    };
  }

  function put(personId: string, text: string | undefined, mediaId: string | undefined): string {
    const id = snowflake(world);
    const kept = mediaId === undefined ? undefined : shelf.get(`upload-${mediaId}`);
    const kind = kept?.contentType.startsWith('video/') ? 'video' : 'image';
    const shown = {
      id,
      by: 'company' as const,
      at: world.now(),
      state: 'sent' as const,
      ...(text === undefined ? {} : { text }),
      ...(kept === undefined ? {} : { file: ground.shown(kind, kept) }),
    };
    if (kept !== undefined && mediaId !== undefined) shelf.put({ ...kept, id: `dm-${mediaId}` });
    events.written(
      personId,
      text ?? '',
      shown,
      kept === undefined || mediaId === undefined
        ? undefined
        : {
            key: mediaId,
            file: `${token(world, 6)}.${extensionOf(kept.contentType)}`,
            type: kind === 'video' ? 'video' : 'photo',
          },
    );
    return id;
  }

  /** Messages of all conversations, newest first. */
  function listEvents(request: ApiRequest, conversation?: string): ApiAnswer {
    authorized(request);
    const most = Number(request.query.get('max_results') ?? 100);
    if (!(most >= 1 && most <= 100)) return invalid('max_results', most, 'max_results is between 1 and 100');
    const data = events.log
      .filter((message) => conversation === undefined || message.conversation === conversation)
      .slice(-most)
      .reverse()
      .map(({ id, text, sender, conversation: within, at, media: attached }) => ({
        id,
        event_type: 'MessageCreate',
        text,
        sender_id: sender,
        dm_conversation_id: within,
        created_at: new Date(at).toISOString(),
        ...(attached === undefined ? {} : { attachments: { media_keys: [`3_${attached.key}`] } }),
      }));
    return { status: 200, body: { ...(data.length === 0 ? {} : { data }), meta: { result_count: data.length } } };
  }

  function file(request: ApiRequest, key: string): ApiAnswer {
    authorized(request);
    const kept = shelf.get(`dm-${key}`);
    if (kept === undefined) return notFound('media', key);
    return { status: 200, headers: { 'content-type': kept.contentType }, body: kept.bytes };
  }

  function user(request: ApiRequest, id: string): ApiAnswer {
    authorized(request);
    const person = id === account.id ? account : phone.person(id);
    if (person === undefined) return { status: 200, body: { errors: [notFound('user', id).body] } };
    const fields = request.query.get('user.fields')?.split(',') ?? [];
    const all: Fields = {
      profile_image_url: `https://pbs.twimg.com/profile_images/${id}/face_normal.png`,
      receives_your_dm: 'follows' in person ? person.follows : true,
    };
    const wanted = Object.fromEntries(fields.filter((name) => name in all).map((name) => [name, all[name]]));
    const username = 'username' in person ? person.username : usernameOf(person.name);
    return { status: 200, body: { data: { id, name: person.name, username, ...wanted } } };
  }

  /** Refresh tokens work once. */
  function issueToken(request: ApiRequest): ApiAnswer {
    const form = new URLSearchParams(request.body.toString('utf8'));
    const basic = Buffer.from(
      /^Basic (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '',
      'base64',
    ).toString();
    const confidential = same(basic, `${account.clientId}:${account.clientSecret}`);
    const refuse = (error: string, description: string) => ({
      status: error === 'unauthorized_client' ? 401 : 400,
      body: { error, error_description: description },
    });
    if (!/^application\/x-www-form-urlencoded\b/.test(request.headers['content-type'] ?? ''))
      return refuse('invalid_request', 'Content type is not form.');
    if (!confidential) return refuse('unauthorized_client', 'Missing valid authorization header');
    if (form.get('grant_type') !== 'refresh_token')
      return refuse('unsupported_grant_type', 'grant_type is not supported.');
    if (!same(form.get('refresh_token') ?? '', account.refreshToken))
      return refuse('invalid_request', 'Value passed for the token was invalid.');
    account.refreshToken = token(world, 68);
    account.bearer = { value: token(world, 68), until: world.now() + accessLife * 1000 };
    return {
      status: 200,
      body: {
        token_type: 'bearer',
        expires_in: accessLife,
        access_token: account.bearer.value,
        scope: 'dm.read dm.write tweet.read users.read media.write offline.access',
        refresh_token: account.refreshToken,
      },
    };
  }

  async function register(request: ApiRequest): Promise<ApiAnswer> {
    authorized(request);
    const { url } = bodyOf(request);
    if (!isPublicAddress(ground, url) || String(url).length > 200) return invalid('url', url, 'UrlValidationFailed');
    if (url === account.webhook.url && account.webhook.valid) return invalid('url', url, 'DuplicateUrlFailed');
    if (!(await webhook.challenge(String(url)))) return invalid('url', url, 'CrcValidationFailed');
    account.webhook = { id: digits(world, 19), url: String(url), valid: true };
    return { status: 200, body: { data: described() } };
  }

  const described = () => ({ ...account.webhook, created_at: new Date(world.now()).toISOString() });

  function subscribe(request: ApiRequest): ApiAnswer {
    authorized(request);
    const { event_type: type, filter, webhook_id: id, tag } = bodyOf(request);
    const activity = activities.find((known) => known === type);
    if (activity === undefined) return invalid('event_type', type, 'event_type is not known');
    if (fieldsOf(filter).user_id !== account.id)
      return problem(403, 'Forbidden', 'The user has not authorized this app.');
    if (id !== undefined && id !== account.webhook.id) return invalid('webhook_id', id, 'There is no such webhook.');
    if (subscriptions.some((known) => known.event_type === activity))
      return problem(409, 'Conflict', 'DuplicateSubscriptionFailed');
    const subscription: TwitterSubscription = {
      subscription_id: digits(world, 19),
      event_type: activity,
      filter: { user_id: account.id },
      webhook_id: account.webhook.id,
      ...(textOf(tag) && { tag: String(tag) }),
    };
    subscriptions.push(subscription);
    return { status: 201, body: { data: [subscription], meta: { total_subscriptions: subscriptions.length } } };
  }

  function unsubscribe(request: ApiRequest): ApiAnswer {
    authorized(request);
    const place = subscriptions.findIndex((known) => known.subscription_id === request.params.id);
    if (place < 0) return notFound('subscription', request.params.id ?? '');
    subscriptions.splice(place, 1);
    return { status: 200, body: { data: { deleted: true }, meta: { total_subscriptions: subscriptions.length } } };
  }

  /** The older API has all events of an account or none. */
  function olderSubscriptions(request: ApiRequest): ApiAnswer {
    authorized(request);
    const { id, url } = account.webhook;
    if (request.params.id !== id) return notFound('webhook', request.params.id ?? '');
    const listed = account.format === 'account-activity' ? [{ user_id: account.id }] : [];
    const data = { application_id: account.clientId, webhook_id: id, webhook_url: url, subscriptions: listed };
    return { status: 200, body: { data } };
  }

  const pair = (id: string | undefined) => {
    const [a, b] = (id ?? '').split('-');
    return [a, b].find((member) => member !== account.id);
  };
  const gone = problem(404, 'Not Found');
  return [
    { method: 'GET', path: '/2/users/me', handle: (request) => user(request, account.id) },
    { method: 'GET', path: '/2/users/:id', handle: (request) => user(request, request.params.id ?? '') },
    {
      method: 'POST',
      path: '/2/dm_conversations/with/:user/messages',
      handle: (request) => send(request, request.params.user),
    },
    {
      method: 'POST',
      path: '/2/dm_conversations/:id/messages',
      handle: (request) => send(request, pair(request.params.id)),
    },
    { method: 'GET', path: '/2/dm_events', handle: (request) => listEvents(request) },
    {
      method: 'GET',
      path: '/2/dm_conversations/with/:user/dm_events',
      handle: (request) => listEvents(request, conversationId(request.params.user ?? '0', account.id)),
    },
    {
      method: 'GET',
      path: '/2/dm_conversations/:id/dm_events',
      handle: (request) => listEvents(request, request.params.id),
    },
    {
      method: 'GET',
      path: '/2/dm_conversations/media/:dm/:media/:file',
      handle: (request) => file(request, request.params.media ?? ''),
      gone,
    },
    {
      method: 'GET',
      path: '/1.1/ton/data/dm/:dm/:media/:file',
      hosts: ['ton.x.com', 'ton.twitter.com'],
      handle: (request) => file(request, request.params.media ?? ''),
      gone,
    },
    ...media.routes,
    { method: 'POST', path: '/2/oauth2/token', handle: issueToken },
    { method: 'POST', path: '/2/webhooks', handle: register },
    {
      method: 'GET',
      path: '/2/webhooks',
      handle: (request) => {
        authorized(request);
        return { status: 200, body: { data: [described()], meta: { result_count: 1 } } };
      },
    },
    {
      method: 'PUT',
      path: '/2/webhooks/:id',
      async handle(request) {
        authorized(request);
        if (request.params.id !== account.webhook.id) return notFound('webhook', request.params.id ?? '');
        return (await webhook.challenge())
          ? { status: 200, body: { data: { valid: true } } }
          : invalid('url', account.webhook.url, 'CrcValidationFailed');
      },
    },
    { method: 'POST', path: '/2/activity/subscriptions', handle: subscribe },
    { method: 'DELETE', path: '/2/activity/subscriptions/:id', handle: unsubscribe },
    { method: 'GET', path: '/2/account_activity/webhooks/:id/subscriptions/all/list', handle: olderSubscriptions },
    {
      method: 'GET',
      path: '/2/activity/subscriptions',
      handle: (request) => {
        authorized(request);
        return { status: 200, body: { data: subscriptions, meta: { total_subscriptions: subscriptions.length } } };
      },
    },
  ];
}
