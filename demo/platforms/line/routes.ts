import { type ApiAnswer, ApiRefusal, type ApiRequest, type ApiRoute } from '../phone/api.ts';
import { fieldsOf, isObject, jsonOf, type Problem, textOf } from '../phone/checks.ts';
import { isPublicAddress } from '../phone/fetch-link.ts';
import type { Ground } from '../phone/platform.ts';
import { same } from '../phone/same.ts';
import { digits, hex, token, uuid } from '../phone/world.ts';
import { type LineAccount, remember, signatureOf } from './account.ts';
import { checkMessages } from './check-messages.ts';
import { loadFiles, shownMessage } from './show.ts';
import { stickerPicture } from './sticker.ts';

const statelessLife = 899;
const retryKeyLife = 24 * 60 * 60_000;

/** Refuse as LINE does: `{message, details?}`. */
export function refused(status: number, message: string, details: Problem[] = []): ApiAnswer {
  return { status, body: details.length === 0 ? { message } : { message, details } };
}

export const unauthorized: ApiAnswer = {
  ...refused(401, 'Authentication failed. Confirm that the access token in the authorization header is valid.'),
  headers: { 'www-authenticate': 'Bearer error="invalid_token", error_description="invalid token"' },
};

const invalidReplyToken = refused(400, 'Invalid reply token');

/** LINE's Messaging API. Source: LINE Developers, Messaging API reference and its OpenAPI description. */
export function createLineRoutes(ground: Ground, account: LineAccount): ApiRoute[] {
  const { world, phone, shelf } = ground;
  const isPublic = (address: unknown) => isPublicAddress(ground, address);

  function authorized(request: ApiRequest): void {
    const [, given = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    const stateless = account.statelessTokens.get(given);
    if (stateless !== undefined && stateless > world.now()) return;
    if (same(given, account.channelAccessToken)) return;
    throw new ApiRefusal(unauthorized);
  }

  function bodyOf(request: ApiRequest): Record<string, unknown> {
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      throw new ApiRefusal(refused(415, `Unsupported Media Type: ${request.headers['content-type'] ?? 'none'}`));
    }
    const body = jsonOf(request.body);
    if (!isObject(body)) {
      throw new ApiRefusal(refused(400, 'The request body could not be parsed as JSON (line: 1, column: 1)'));
    }
    return body;
  }

  function checked(messages: unknown): Record<string, unknown>[] {
    const problems = checkMessages(messages, isPublic);
    if (problems.length > 0) {
      throw new ApiRefusal(refused(400, `The request body has ${problems.length} error(s)`, problems));
    }
    const list = (messages as unknown[]).map(fieldsOf);
    for (const [index, { quoteToken }] of list.entries()) {
      if (quoteToken === undefined || account.quoteTokens.has(String(quoteToken))) continue;
      const problem = { property: `messages[${index}].quoteToken`, message: 'Invalid quote token' };
      throw new ApiRefusal(refused(400, 'The request body has 1 error(s)', [problem]));
    }
    return list;
  }

  /** Put messages on a phone; a blocked account's messages vanish without a word. */
  function put(to: string, messages: Record<string, unknown>[]): unknown[] {
    const receives = phone.person(to)?.follows ?? false;
    return messages.map((message) => {
      const id = digits(world, 18);
      const quotes = account.quoteTokens.get(String(message.quoteToken));
      const sent: Record<string, unknown> = { id };
      if (['text', 'textV2', 'sticker', 'image', 'video', 'template'].includes(String(message.type))) {
        sent.quoteToken = token(world, 48);
        remember(account.quoteTokens, String(sent.quoteToken), id);
      }
      if (receives) {
        const shown = shownMessage(message, { id, at: world.now(), ...(quotes === undefined ? {} : { quotes }) });
        phone.show(to, shown);
        void loadFiles(ground, message, shown);
      }
      return sent;
    });
  }

  /** Send once per retry key; a repeat is told what became of the first. */
  function once(request: ApiRequest, requestId: string, send: () => unknown[]): ApiAnswer {
    const key = request.headers['x-line-retry-key'];
    if (key === undefined) return accepted(requestId, send());
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(key))) {
      throw new ApiRefusal(refused(400, 'The X-Line-Retry-Key is invalid'));
    }
    const before = account.retryKeys.get(String(key));
    if (before !== undefined && before.at + retryKeyLife > world.now()) {
      return {
        status: 409,
        headers: { 'x-line-request-id': requestId, 'x-line-accepted-request-id': before.requestId },
        body: { message: 'The retry key is already accepted', sentMessages: before.sentMessages },
      };
    }
    const sentMessages = send();
    remember(account.retryKeys, String(key), { requestId, sentMessages, request: request.path, at: world.now() });
    return accepted(requestId, sentMessages);
  }

  function accepted(requestId: string, sentMessages: unknown[]): ApiAnswer {
    return { status: 200, headers: { 'x-line-request-id': requestId }, body: { sentMessages } };
  }

  function noRetryKey(request: ApiRequest): void {
    if (request.headers['x-line-retry-key'] === undefined) return;
    throw new ApiRefusal(refused(400, 'The X-Line-Retry-Key is not available for this endpoint'));
  }

  function spend(messages: number): void {
    if (account.pushed + messages > account.monthlyLimit) {
      throw new ApiRefusal(refused(429, 'You have reached your monthly limit.'));
    }
    account.pushed += messages;
  }

  function reply(request: ApiRequest): ApiAnswer {
    authorized(request);
    noRetryKey(request);
    const body = bodyOf(request);
    const replyToken = textOf(body.replyToken);
    if (replyToken === undefined) {
      const problem = { property: 'replyToken', message: 'May not be empty' };
      throw new ApiRefusal(refused(400, 'The request body has 1 error(s)', [problem]));
    }
    const messages = checked(body.messages);
    const handle = account.replyTokens.get(replyToken);
    account.replyTokens.delete(replyToken);
    if (handle === undefined || handle.until < world.now() || ground.misbehaviour.takes('windowClosed', request.path)) {
      throw new ApiRefusal(invalidReplyToken);
    }
    return accepted(uuid(world), put(handle.to, messages));
  }

  function push(request: ApiRequest): ApiAnswer {
    authorized(request);
    const body = bodyOf(request);
    if (!/^[UCR][0-9a-f]{32}$/.test(textOf(body.to) ?? '')) {
      throw new ApiRefusal(refused(400, "The property, 'to', in the request body is invalid (line: -, column: -)"));
    }
    const messages = checked(body.messages);
    const to = String(body.to);
    return once(request, uuid(world), () => {
      if (phone.person(to) === undefined) throw new ApiRefusal(refused(400, 'Failed to send messages'));
      spend(1);
      return put(to, messages);
    });
  }

  function multicast(request: ApiRequest): ApiAnswer {
    authorized(request);
    const body = bodyOf(request);
    const to = Array.isArray(body.to) ? body.to.map(String) : [];
    if (to.length < 1 || to.length > 500 || !to.every((id) => /^U[0-9a-f]{32}$/.test(id))) {
      throw new ApiRefusal(refused(400, "The property, 'to', in the request body is invalid (line: -, column: -)"));
    }
    const messages = checked(body.messages);
    const answered = once(request, uuid(world), () => {
      spend(to.length);
      for (const id of to) put(id, messages);
      return [];
    });
    return answered.status === 200 ? { ...answered, body: {} } : answered;
  }

  function content(request: ApiRequest): ApiAnswer {
    authorized(request);
    const file = shelf.get(`content-${request.params.messageId}`);
    if (file === undefined) return refused(404, 'Not found');
    return { status: 200, headers: { 'content-type': file.contentType }, body: file.bytes };
  }

  function profile(request: ApiRequest): ApiAnswer {
    authorized(request);
    const person = phone.person(request.params.userId ?? '');
    if (person === undefined || !person.follows) return refused(404, 'Not found');
    return {
      status: 200,
      body: {
        userId: person.id,
        displayName: person.name,
        pictureUrl: `https://profile.line-scdn.net/0h${person.id.slice(1, 17)}`,
        language: person.locale.split('-')[0],
      },
    };
  }

  function startLoading(request: ApiRequest): ApiAnswer {
    authorized(request);
    const { chatId, loadingSeconds = 20 } = bodyOf(request);
    const seconds = Number(loadingSeconds);
    if (!Number.isInteger(seconds) || seconds < 5 || seconds > 60 || seconds % 5 !== 0) {
      const problem = { property: 'loadingSeconds', message: 'must be a multiple of 5 between 5 and 60' };
      return refused(400, 'The request body has 1 error(s)', [problem]);
    }
    if (!/^U[0-9a-f]{32}$/.test(String(chatId))) {
      return refused(400, 'The request body has 1 error(s)', [{ property: 'chatId', message: 'must be a user ID' }]);
    }
    phone.typing(String(chatId), seconds * 1000);
    return { status: 202, body: {} };
  }

  function markAsRead(request: ApiRequest): ApiAnswer {
    authorized(request);
    const { markAsReadToken } = bodyOf(request);
    const messageId = account.readTokens.get(String(markAsReadToken));
    const found = phone.find(messageId ?? '');
    if (messageId === undefined) {
      const problem = { property: 'markAsReadToken', message: 'Invalid token' };
      return refused(400, 'The request body has 1 error(s)', [problem]);
    }
    for (const message of found === undefined ? [] : phone.messages(found.person.id)) {
      if (message.by === 'customer') phone.change(message.id, { state: 'read' });
      if (message.id === messageId) break;
    }
    return { status: 200, body: {} };
  }

  /** Stateless tokens: as many as one likes, each for 15 minutes. */
  function issueToken(request: ApiRequest): ApiAnswer {
    const form = new URLSearchParams(request.body.toString('utf8'));
    if (!/^application\/x-www-form-urlencoded\b/.test(request.headers['content-type'] ?? '')) {
      return { status: 415, body: { error: 'invalid_request', error_description: 'unsupported media type' } };
    }
    if (form.get('grant_type') !== 'client_credentials') {
      return { status: 400, body: { error: 'unsupported_grant_type', error_description: 'invalid grant_type' } };
    }
    const known = form.get('client_id') === account.channelId;
    if (!known || !same(form.get('client_secret') ?? '', account.channelSecret)) {
      return {
        status: 400,
        body: { error: 'invalid_client', error_description: 'invalid client_id or client_secret' },
      };
    }
    const accessToken = token(world, 120);
    remember(account.statelessTokens, accessToken, world.now() + statelessLife * 1000);
    return { status: 200, body: { token_type: 'Bearer', access_token: accessToken, expires_in: statelessLife } };
  }

  async function testWebhook(request: ApiRequest): Promise<ApiAnswer> {
    authorized(request);
    const body = Buffer.from(JSON.stringify({ destination: account.userId, events: [] }));
    const answer = await ground.deliveries.call({
      method: 'POST',
      url: account.webhook.endpoint,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'LineBotWebhook/2.0',
        'x-line-signature': signatureOf(account.channelSecret, body),
      },
      body,
    });
    const success = answer?.status === 200;
    return {
      status: 200,
      body: {
        success,
        timestamp: new Date(world.now()).toISOString(),
        statusCode: answer?.status ?? 0,
        reason: success ? 'OK' : answer === undefined ? 'COULD_NOT_CONNECT' : 'ERROR_STATUS_CODE',
        detail: answer === undefined ? 'no answer' : String(answer.status),
      },
    };
  }

  function checkOnly(request: ApiRequest): ApiAnswer {
    authorized(request);
    checked(bodyOf(request).messages);
    return { status: 200, body: {} };
  }

  function behind(answer: (request: ApiRequest) => unknown): ApiRoute['handle'] {
    return (request) => {
      authorized(request);
      return { status: 200, body: answer(request) };
    };
  }

  const gone = refused(404, 'Not found');
  const dataHost = ['api-data.line.me'];
  return [
    { method: 'POST', path: '/v2/bot/message/reply', handle: reply },
    { method: 'POST', path: '/v2/bot/message/push', handle: push },
    { method: 'POST', path: '/v2/bot/message/multicast', handle: multicast },
    { method: 'POST', path: '/v2/bot/message/validate/reply', handle: checkOnly },
    { method: 'POST', path: '/v2/bot/message/validate/push', handle: checkOnly },
    {
      method: 'GET',
      path: '/v2/bot/message/quota',
      handle: behind(() => ({ type: 'limited', value: account.monthlyLimit })),
    },
    {
      method: 'GET',
      path: '/v2/bot/message/quota/consumption',
      handle: behind(() => ({ totalUsage: account.pushed })),
    },
    { method: 'GET', path: '/v2/bot/message/:messageId/content', hosts: dataHost, handle: content, gone },
    { method: 'GET', path: '/v2/bot/message/:messageId/content/preview', hosts: dataHost, handle: content, gone },
    {
      method: 'GET',
      path: '/v2/bot/message/:messageId/content/transcoding',
      handle: behind(({ params }) => ({ status: shelf.get(`content-${params.messageId}`) ? 'succeeded' : 'failed' })),
      hosts: dataHost,
      gone,
    },
    { method: 'GET', path: '/v2/bot/profile/:userId', handle: profile },
    { method: 'POST', path: '/v2/bot/chat/loading/start', handle: startLoading },
    { method: 'POST', path: '/v2/bot/chat/markAsRead', handle: markAsRead },
    {
      method: 'GET',
      path: '/v2/bot/info',
      handle: behind(() => ({
        userId: account.userId,
        basicId: account.basicId,
        displayName: 'Holm & Harrow',
        chatMode: 'bot',
        markAsReadMode: 'manual',
      })),
    },
    { method: 'GET', path: '/v2/bot/channel/webhook/endpoint', handle: behind(() => account.webhook) },
    {
      method: 'PUT',
      path: '/v2/bot/channel/webhook/endpoint',
      handle(request) {
        authorized(request);
        const { endpoint } = bodyOf(request);
        if (!isPublic(endpoint)) {
          const problem = { property: 'endpoint', message: 'Invalid webhook endpoint URL' };
          return refused(400, 'The request body has 1 error(s)', [problem]);
        }
        account.webhook.endpoint = String(endpoint);
        return { status: 200, body: {} };
      },
    },
    { method: 'POST', path: '/v2/bot/channel/webhook/test', handle: testWebhook },
    { method: 'POST', path: '/oauth2/v3/token', handle: issueToken },
    {
      method: 'GET',
      path: '/stickershop/v1/sticker/:stickerId/android/sticker.png',
      hosts: ['stickershop.line-scdn.net'],
      handle: ({ params }) => ({
        status: 200,
        headers: { 'content-type': 'image/png' },
        body: stickerPicture(params.stickerId ?? ''),
      }),
    },
    {
      method: 'GET',
      path: '/:picture',
      hosts: ['profile.line-scdn.net'],
      handle: ({ params }) =>
        params.picture?.startsWith('0h')
          ? { status: 200, headers: { 'content-type': 'image/png' }, body: stickerPicture(hex(world, 2)) }
          : refused(404, 'Not found'),
    },
  ];
}
