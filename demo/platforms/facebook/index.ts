import { createGraph, expiredToken, graphRefusal } from '../meta/graph.ts';
import { createSubscription, metaRetries } from '../meta/subscription.ts';
import type { ApiRequest, ApiRoute } from '../phone/api.ts';
import { createGround, type Platform } from '../phone/platform.ts';
import type { Place } from '../phone/world.ts';
import { createAccount, type FacebookAccount, inboxAppId, type Variant } from './account.ts';
import { createFacebookEvents, menu } from './events.ts';
import { createSending } from './send.ts';

const names: Record<Variant, string[]> = {
  messenger: ['Lena Fischer', 'Tom Becker', 'Zoe Martin', 'Paul Novak'],
  instagram: ['Noa Levi', 'Jonas Weber', 'Camila Rossi'],
};

/** Messenger or Instagram, as far as one Page and those who write to it see it. */
export function createFacebook(
  place: Place,
  channelId: string,
  variant: Variant = 'messenger',
): Platform & { account: FacebookAccount } {
  const instagram = variant === 'instagram';
  const ground = createGround(instagram ? 'instagram' : 'facebook', place, metaRetries);
  const { world, phone, shelf } = ground;
  const account = createAccount(ground, variant);
  const subscription = createSubscription(ground, account, channelId);
  const events = createFacebookEvents(ground, account, subscription);
  const graph = createGraph(world, account);
  const { send, upload } = createSending(ground, account, graph, events);
  let count = 0;

  function newPerson(name = names[variant][count++ % names[variant].length] ?? 'Lena Fischer') {
    const id = events.newPsid();
    account.people.set(id, { wroteAt: Number.NEGATIVE_INFINITY, inboxControls: false, edits: new Map() });
    return phone.addPerson({ id, name, locale: 'en-US' });
  }
  newPerson();

  const missing = ({ params, path }: ApiRequest) =>
    graphRefusal(world, {
      message:
        params.id === undefined
          ? `Unknown path components: ${path}`
          : `Unsupported get request. Object with ID '${params.id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
      type: 'GraphMethodException',
      code: params.id === undefined ? 2500 : 100,
      ...(params.id === undefined ? {} : { subcode: 33 }),
    });

  return {
    key: instagram ? 'instagram' : 'facebook',
    title: instagram ? 'Instagram' : 'Messenger',
    look: variant,
    company: 'Holm & Harrow',
    account,
    ground,
    features: {
      files: ['image', 'voice', 'video', 'file'],
      location: false,
      contact: false,
      stickers: instagram ? [] : ['369239263222822'],
      quotes: true,
      reactions: ['❤️', '😆', '😮', '😢', '👍'],
      edits: true,
      unsends: true,
      typing: false,
      follow: 'block',
      menu,
      captions: false,
    },
    api: {
      routes: routes(),
      hosts: instagram ? ['graph.facebook.com', 'graph.instagram.com'] : ['graph.facebook.com'],
      maxBytes: 30_000_000,
      expireTokens: () => undefined,
      refusals: {
        notFound: missing,
        wrongMethod: ({ method }) =>
          graphRefusal(world, {
            message: `Unsupported ${method.toLowerCase()} request.`,
            type: 'GraphMethodException',
            code: 100,
          }),
        tooLarge: graphRefusal(world, {
          message: '(#100) The attachment size exceeds allowable limit.',
          code: 100,
          subcode: 2018109,
          status: 413,
        }),
        rateLimited: () =>
          graphRefusal(world, {
            message: '(#613) Calls to this api have exceeded the rate limit.',
            code: 613,
            subcode: 2534040,
          }),
        broken: () => graphRefusal(world, { message: '(#1) An unknown error occurred', code: 1, status: 500 }),
        revoked: () => graphRefusal(world, expiredToken),
      },
    },
    settings: (apiBaseUrl) => ({
      platform: variant,
      pageId: account.pageId,
      ...(instagram ? { instagramAccountId: account.instagramId } : {}),
      appId: account.appId,
      pageAccessToken: account.accessToken,
      appSecret: account.appSecret,
      verifyToken: account.verifyToken,
      apiBaseUrl,
    }),
    newPerson,
    act: events.act,
    connection: subscription.connection,
    connect: subscription.connect,
  };

  function routes(): ApiRoute[] {
    const expired = { status: 403, headers: { 'content-type': 'text/plain' }, body: 'URL signature expired' };
    const file = (id: string, expiry: string) => {
      const kept = shelf.get(id);
      if (kept === undefined || !(Number.parseInt(expiry, 16) * 1000 > world.now())) return expired;
      return { status: 200, headers: { 'content-type': kept.contentType }, body: kept.bytes };
    };
    const control = (request: ApiRequest, inboxControls: boolean) => {
      graph.authorize(request);
      const body = graph.body(request);
      const psid = String((body.recipient as { id?: unknown } | undefined)?.id ?? '');
      const person = account.people.get(psid);
      if (person === undefined) {
        graph.refuse({ message: '(#100) No matching user found', code: 100, subcode: 2018001 });
      } else person.inboxControls = inboxControls && String(body.target_app_id ?? inboxAppId) === inboxAppId;
      return { status: 200, body: { success: true } };
    };
    return [
      { method: 'POST', path: '/:version/:id/messages', handle: send },
      { method: 'POST', path: '/:version/:id/message_attachments', handle: upload },
      { method: 'POST', path: '/:version/:id/take_thread_control', handle: (request) => control(request, false) },
      { method: 'POST', path: '/:version/:id/pass_thread_control', handle: (request) => control(request, true) },
      {
        method: 'GET',
        path: '/:version/:id/subscribed_apps',
        handle(request) {
          graph.authorize(request);
          const data = account.subscribed
            ? [
                {
                  id: account.appId,
                  name: 'Foyer demo',
                  subscribed_fields: [
                    'messages',
                    'messaging_postbacks',
                    'message_echoes',
                    'message_reactions',
                    'message_edits',
                    'message_reads',
                    'message_deliveries',
                    'messaging_referrals',
                    'messaging_optins',
                    'messaging_handovers',
                    'standby',
                  ],
                },
              ]
            : [];
          return { status: 200, body: { data } };
        },
      },
      {
        method: 'POST',
        path: '/:version/:id/subscribed_apps',
        handle(request) {
          graph.authorize(request);
          account.subscribed = true;
          return { status: 200, body: { success: true } };
        },
      },
      {
        method: 'GET',
        path: '/v/t1.15752-9/:file',
        hosts: ['scontent.xx.fbcdn.net'],
        handle: ({ params, query }) => file((params.file ?? '').replace(/_n\.\w+$/, ''), query.get('oe') ?? ''),
        gone: expired,
      },
      {
        method: 'GET',
        path: '/ig_messaging_cdn/',
        hosts: ['lookaside.fbsbx.com'],
        handle: ({ query }) => file(query.get('asset_id') ?? '', query.get('signature') ?? ''),
        gone: expired,
      },
      { method: 'GET', path: '/:version/:id', handle: node },
    ];
  }

  /** The Page, the account, or a person of it. */
  function node(request: ApiRequest) {
    graph.authorize(request);
    const { id = '' } = request.params;
    if (id === 'me' || id === account.pageId) {
      return {
        status: 200,
        body: { id: account.pageId, name: 'Holm & Harrow', instagram_business_account: { id: account.instagramId } },
      };
    }
    if (id === account.instagramId) {
      return { status: 200, body: { id, username: 'holmandharrow', name: 'Holm & Harrow' } };
    }
    const person = phone.person(id);
    if (person === undefined) return missing(request);
    const [first = '', ...last] = person.name.split(' ');
    const all: Record<string, string> = instagram
      ? { name: person.name, username: person.name.toLowerCase().replaceAll(' ', '.') }
      : { first_name: first, last_name: last.join(' '), name: person.name };
    const wanted = request.query.get('fields')?.split(',') ?? Object.keys(all);
    const known = Object.fromEntries(wanted.filter((name) => name in all).map((name) => [name, all[name]]));
    return { status: 200, body: { ...known, id } };
  }
}
