import type { EncodeContext, Loss, Part } from '../contract/index.ts';
import type { WechatSettings } from './config.ts';
import type { WechatAddress, WechatRequest } from './platform.ts';

export type WechatContext = EncodeContext<WechatSettings>;

/** What one piece of a message becomes: words join the message's text, parts are messages of their own. */
export interface Piece {
  words?: string;
  parts?: Part[];
  losses?: Loss[];
}

/** A customer message of one kind. `shows`: what the preview says of it. */
export function customerMessage(
  context: WechatContext,
  msgtype: string,
  content: Record<string, unknown>,
  shows: Part['shows'],
): Part {
  const { kfAccount } = context.settings;
  const sender = kfAccount === undefined || kfAccount === '' ? {} : { customservice: { kf_account: kfAccount } };
  const body = { touser: openidOf(context), msgtype, [msgtype]: content, ...sender };
  return partOf({ method: 'POST', path: '/cgi-bin/message/custom/send', body }, shows);
}

/** A template message: goes at any time and uses nothing of the window. */
export function templateMessage(
  context: WechatContext,
  templateId: string,
  data: Record<string, { value: string }>,
  shows: Part['shows'],
): Part {
  const body = { touser: openidOf(context), template_id: templateId, data };
  return { ...partOf({ method: 'POST', path: '/cgi-bin/message/template/send', body }, shows), costs: 0 };
}

function partOf(request: WechatRequest, shows: Part['shows']): Part {
  return { request, shows };
}

function openidOf(context: WechatContext): string {
  return (context.conversation.address as WechatAddress).openid;
}
