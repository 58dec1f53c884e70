import { createGraph, expiredToken, graphRefusal } from '../meta/graph.ts';
import { createSubscription, metaRetries } from '../meta/subscription.ts';
import type { ApiRequest, ApiRoute } from '../phone/api.ts';
import { createGround, type Platform } from '../phone/platform.ts';
import { digits, type Place } from '../phone/world.ts';
import { createAccount, type WhatsappAccount } from './account.ts';
import { createWhatsappEvents } from './events.ts';
import { createMediaRoutes } from './media.ts';
import { createSending } from './send.ts';

const names = ['Amara Okafor', 'Diego Fernández', 'Ines Costa', 'Ravi Menon', 'Lucía Gómez'];

/** WhatsApp's Cloud API, as far as one business number and those who write to it see it. */
export function createWhatsapp(place: Place, channelId: string): Platform & { account: WhatsappAccount } {
  const ground = createGround('whatsapp', place, metaRetries);
  const { world, phone } = ground;
  const account = createAccount(ground);
  const subscription = createSubscription(ground, account, channelId);
  const events = createWhatsappEvents(ground, account, subscription);
  const graph = createGraph(world, account, 'whatsapp');
  let count = 0;

  function newPerson(name?: string) {
    // Every third has a username, which hides the number from businesses.
    const hidesNumber = count % 3 === 2;
    const waId = `1650555${digits(world, 4)}`;
    const chosen = name ?? names[count % names.length] ?? 'Amara Okafor';
    count += 1;
    account.people.set(waId, {
      userId: `US.${digits(world, 16)}`,
      waId,
      ...(hidesNumber ? { username: chosen.toLowerCase().replace(/[^a-z]+/g, '.') } : {}),
      hidesNumber,
      wroteAt: Number.NEGATIVE_INFINITY,
      sentAt: [],
    });
    return phone.addPerson({ id: waId, name: chosen, phone: `+${waId}`, locale: 'en-US' });
  }
  newPerson();

  const missing = (request: ApiRequest) =>
    graphRefusal(world, { message: `Unknown path components: ${request.path}`, code: 2500 });

  return {
    key: 'whatsapp',
    title: 'WhatsApp',
    look: 'whatsapp',
    company: 'Holm & Harrow',
    account,
    ground,
    features: {
      files: ['image', 'voice', 'audio', 'video', 'file', 'sticker'],
      location: true,
      contact: true,
      stickers: [],
      quotes: true,
      reactions: ['👍', '❤️', '😂', '😮', '🙏'],
      edits: true,
      unsends: true,
      typing: false,
      follow: 'block',
      captions: true,
    },
    api: {
      routes: [
        ...accountRoutes(),
        { method: 'POST', path: '/:version/:id/messages', handle: createSending(ground, account, graph, events) },
        ...createMediaRoutes(ground, account, graph),
      ],
      hosts: ['graph.facebook.com'],
      maxBytes: 101_000_000,
      expireTokens: () => undefined,
      refusals: {
        notFound: missing,
        wrongMethod: ({ method }) =>
          graphRefusal(world, {
            message: `Unsupported ${method.toLowerCase()} request.`,
            type: 'GraphMethodException',
            code: 100,
          }),
        tooLarge: graphRefusal(world, { message: '(#131052) Media is too large', code: 131052, status: 413 }),
        rateLimited: () =>
          graphRefusal(world, { message: '(#130429) Rate limit hit', code: 130429, status: 429 }, 'whatsapp'),
        broken: () =>
          graphRefusal(world, { message: '(#131000) Something went wrong', code: 131000, status: 500 }, 'whatsapp'),
        revoked: () => graphRefusal(world, expiredToken),
      },
    },
    settings: (apiBaseUrl) => ({
      phoneNumberId: account.phoneNumberId,
      wabaId: account.wabaId,
      appId: account.appId,
      accessToken: account.accessToken,
      appSecret: account.appSecret,
      verifyToken: account.verifyToken,
      apiBaseUrl,
    }),
    newPerson,
    act: events.act,
    connection: subscription.connection,
    connect: subscription.connect,
  };

  function accountRoutes(): ApiRoute[] {
    const ofAccount =
      (answer: () => unknown): ApiRoute['handle'] =>
      (request) => {
        graph.authorize(request);
        if (request.params.id !== account.wabaId) return missing(request);
        return { status: 200, body: answer() };
      };
    return [
      {
        method: 'GET',
        path: '/:version/:id/message_templates',
        handle: ofAccount(() => ({
          data: account.templates.map(({ body, header, footer, buttons, ...template }) => ({
            ...template,
            id: digits(world, 16),
            parameter_format: 'POSITIONAL',
            components: [
              ...(header === undefined ? [] : [{ type: 'HEADER', format: 'TEXT', text: header }]),
              { type: 'BODY', text: body },
              ...(footer === undefined ? [] : [{ type: 'FOOTER', text: footer }]),
              ...(buttons.length === 0
                ? []
                : [{ type: 'BUTTONS', buttons: buttons.map((text) => ({ type: 'QUICK_REPLY', text })) }]),
            ],
          })),
        })),
      },
      {
        method: 'GET',
        path: '/:version/:id/subscribed_apps',
        handle: ofAccount(() => ({
          data: account.subscribed
            ? [{ whatsapp_business_api_data: { id: account.appId, name: 'Foyer demo', link: 'https://foyer.example' } }]
            : [],
        })),
      },
      {
        method: 'POST',
        path: '/:version/:id/subscribed_apps',
        handle: ofAccount(() => {
          account.subscribed = true;
          return { success: true };
        }),
      },
      {
        method: 'GET',
        path: '/:version/:id/phone_numbers',
        handle: ofAccount(() => ({
          data: [
            {
              verified_name: 'Holm & Harrow',
              display_phone_number: `+${account.displayPhoneNumber}`,
              quality_rating: 'GREEN',
              id: account.phoneNumberId,
            },
          ],
        })),
      },
      {
        method: 'GET',
        path: '/:version/debug_token',
        handle(request) {
          graph.authorize(request);
          const valid = request.query.get('input_token') === account.accessToken;
          return {
            status: 200,
            body: {
              data: {
                app_id: account.appId,
                type: 'SYSTEM_USER',
                is_valid: valid,
                expires_at: 0,
                scopes: valid ? ['whatsapp_business_management', 'whatsapp_business_messaging'] : [],
              },
            },
          };
        },
      },
    ];
  }
}
