import type { Ground } from '../../phone/platform.ts';
import { uuid } from '../../phone/world.ts';
import type { MaapAccount } from './account.ts';
import { cdata, documentOf, escaped, messagingSpace } from './xml.ts';

/** Up to three tries. Source: third parties. */
export const maapRetries = {
  timeout: 5_000,
  waits: [1_000, 5_000],
  accepts: ({ status }: { status: number }) => status === 200 || status === 204,
};

export type DeliveryStatus =
  | 'MessageSent'
  | 'DeliveredToTerminal'
  | 'DeliveredToNetwork'
  | 'MessageDisplayed'
  | 'DeliveryImpossible';

export interface Inbound {
  messageId: string;
  contentType: string;
  bodyText: string;
  /** Bodies that are XML or JSON come in base64. */
  encoded?: boolean;
  /** The message that is answered. */
  answers?: string | undefined;
}

/** Notifications of the platform to the chatbot: nothing signs them. Source: CSP interface specification (3p). */
export function createNotifications(ground: Ground, account: MaapAccount) {
  const { world, deliveries } = ground;

  function post(
    conversation: string,
    kind: 'InboundMessageNotification' | 'DeliveryInfoNotification' | 'MessageStatusNotification',
    body: string,
    headers: Record<string, string> = {},
    done?: (taken: boolean) => void,
  ): void {
    deliveries.send({
      conversation,
      make: () => ({
        method: 'POST',
        url: `${account.notifyURL}/${kind}/${encodeURIComponent(account.chatbotURI)}`,
        headers: {
          'content-type': 'application/xml; charset=UTF-8',
          date: new Date(world.now()).toUTCString(),
          'user-agent': 'MaaP/2.0',
          ...headers,
        },
        body: Buffer.from(body, 'utf8'),
      }),
      ...(done === undefined ? {} : { done }),
    });
  }

  /** `sip:+86…@…ims…`, with the spaces that have been seen around it. */
  function sipOf(number: string): string {
    return ` sip:${number}@${account.people.get(number)?.ims ?? 'bj.ims.mnc000.mcc460.3gppnetwork.org'} `;
  }

  return {
    message(number: string, inbound: Inbound, done: (taken: boolean) => void): void {
      const { messageId, contentType, bodyText, encoded = false, answers } = inbound;
      const conversation = account.people.get(number)?.conversationID ?? uuid(world);
      const contribution = uuid(world);
      const inner = [
        '<inboundMessage>',
        `<destinationAddress>${escaped(account.chatbotURI)}</destinationAddress>`,
        `<senderAddress>${sipOf(number)}</senderAddress>`,
        `<origUser>tel:${number}</origUser>`,
        `<resourceURL>https://example.com/messaging/v1/inbound/messages/${messageId}</resourceURL>`,
        `<messageId>${messageId}</messageId>`,
        `<contentType>${escaped(contentType)}</contentType>`,
        `<contentEncoding>${encoded ? 'base64' : 'utf8'}</contentEncoding>`,
        '<serviceCapability><capabilityId>ChatbotSA</capabilityId>',
        '<version>+g.gsma.rcs.botversion=&quot;#=1&quot;</version></serviceCapability>',
        `<bodyText>${encoded ? Buffer.from(bodyText, 'utf8').toString('base64') : cdata(bodyText)}</bodyText>`,
        `<conversationID>${conversation}</conversationID>`,
        `<contributionID>${contribution}</contributionID>`,
        ...(answers === undefined ? [] : [`<inReplyToContributionID>${escaped(answers)}</inReplyToContributionID>`]),
        '</inboundMessage>',
      ].join('');
      const body = documentOf('msg:inboundMessageNotification', messagingSpace, inner);
      post(number, 'InboundMessageNotification', body, { address: number }, done);
    },

    status(number: string, messageId: string, status: DeliveryStatus, description: string, text = ''): void {
      const inner = [
        `<deliveryInfo><address>tel:${number}</address><messageId>${escaped(messageId)}</messageId>`,
        `<deliveryStatus>${status}</deliveryStatus><description>${description}</description>`,
        `${text === '' ? '' : `<text>${escaped(text)}</text>`}</deliveryInfo>`,
      ].join('');
      post(number, 'DeliveryInfoNotification', documentOf('msg:deliveryInfoNotification', messagingSpace, inner), {
        address: number,
      });
    },

    revoked(number: string, messageId: string, status: 'Revoked' | 'RevokeFailed'): void {
      const inner = `<address>tel:${number}</address><messageId>${escaped(messageId)}</messageId><status>${status}</status>`;
      post(number, 'MessageStatusNotification', documentOf('msg:messageStatusNotification', messagingSpace, inner), {
        address: number,
      });
    },

    /** A file was audited: `Authstatus` 0 lets it be sent. */
    audited(tid: string, passes: boolean, fileInfo: string): void {
      const headers = { tid, authstatus: passes ? '0' : '1' };
      post(`file ${tid}`, 'InboundMessageNotification', fileInfo, headers);
    },
  };
}

export type Notifications = ReturnType<typeof createNotifications>;
