import { type ApiAnswer, ApiRefusal, type ApiRequest, type ApiRoute } from '../phone/api.ts';
import { type Fields, fieldsOf, isObject, jsonOf, listOf, textOf } from '../phone/checks.ts';
import { extensionOf, typeOf } from '../phone/file-type.ts';
import { readForm } from '../phone/form.ts';
import type { ShownMessage } from '../phone/model.ts';
import type { Ground } from '../phone/platform.ts';
import { same } from '../phone/same.ts';
import { digits, hex, token } from '../phone/world.ts';
import { type Follower, mediaLife, messageId, type WechatAccount } from './account.ts';
import { messageProblem, problem, type WechatProblem } from './check-message.ts';

const tokenLife = 7_200_000;
const uploads: Record<string, { types: RegExp; most: number }> = {
  image: { types: /^image\/(png|jpeg|gif)$/, most: 10_000_000 },
  voice: { types: /^audio\/(amr|mpeg)$/, most: 2_000_000 },
  video: { types: /^video\/mp4$/, most: 10_000_000 },
  thumb: { types: /^image\/jpeg$/, most: 64_000 },
};

/** WeChat answers 200 whatever went wrong. */
export function refused({ errcode, errmsg }: WechatProblem, rid: string): ApiAnswer {
  return { status: 200, headers: json, body: { errcode, errmsg: `${errmsg} rid: ${rid}` } };
}
const json = { 'content-type': 'application/json; encoding=utf-8' };

export interface WechatReports {
  templateDone(openid: string, messageId: bigint, status: string): void;
}

/** WeChat's server API for service accounts. Source: WeChat Official Accounts documentation. */
export function createWechatRoutes(ground: Ground, account: WechatAccount, reports: WechatReports): ApiRoute[] {
  const { world, phone, shelf, misbehaviour } = ground;
  const refuse = (errcode: number, errmsg: string): never => {
    const time = Math.floor(world.now() / 1000).toString(16);
    throw new ApiRefusal(refused(problem(errcode, errmsg), `${time}-${hex(world, 4)}-${hex(world, 4)}`));
  };
  const ok = (body: object = {}): ApiAnswer => ({
    status: 200,
    headers: json,
    body: { errcode: 0, errmsg: 'ok', ...body },
  });
  let minute: number[] = [];

  function authorized({ query }: ApiRequest): void {
    const given = query.get('access_token');
    if (given === null || given === '') refuse(41001, 'access_token missing');
    const { stable, old } = account;
    const known = [stable, old].find((held) => held !== undefined && same(given ?? '', held.value));
    if (known === undefined) refuse(40001, 'invalid credential, access_token is invalid or not latest,');
    else if (known.until <= world.now()) refuse(42001, 'access_token expired');
    minute = minute.filter((at) => at > world.now() - 60_000);
    if (ground.limits.count && minute.length >= 10_000)
      refuse(45011, 'api minute-quota reach limit, must slower, retry next minute');
    minute.push(world.now());
  }

  function bodyOf({ body }: ApiRequest): Fields {
    if (body.length === 0) refuse(44002, 'empty post data');
    // Escapes of what could stand there as itself are refused: WeChat shows them as they are.
    if (/\\u(?!00[01])[0-9a-f]{4}/i.test(body.toString('latin1'))) {
      refuse(40033, 'invalid charset. please check your request, if include \\uxxxx will create fail!');
    }
    const value = jsonOf(body);
    return isObject(value) ? value : refuse(47001, 'data format error');
  }

  function credentials(appid: unknown, secret: unknown): void {
    if (appid !== account.appId) refuse(40013, 'invalid appid');
    if (!same(String(secret ?? ''), account.appSecret)) refuse(40125, 'invalid appsecret');
  }

  /** The same token for everybody until five minutes before its end. */
  function stableToken(request: ApiRequest): ApiAnswer {
    const { grant_type: grant, appid, secret, force_refresh: force } = bodyOf(request);
    if (grant !== 'client_credential') refuse(40002, 'invalid grant_type');
    credentials(appid, secret);
    const now = world.now();
    const forced = (account.stable?.forced ?? []).filter((at) => at > now - 24 * 60 * 60_000);
    if (force === true) {
      if (forced.length >= 20) refuse(45009, 'reach max api daily quota limit');
      if (now - (forced.at(-1) ?? 0) < 30_000)
        refuse(45011, 'api minute-quota reach limit, must slower, retry next minute');
      forced.push(now);
    }
    if (account.stable === undefined || force === true || account.stable.until - now <= 300_000) {
      account.stable = { value: newToken(), until: now + tokenLife, forced };
    }
    const { value, until } = account.stable;
    return { status: 200, headers: json, body: { access_token: value, expires_in: Math.floor((until - now) / 1000) } };
  }

  /** The older way: every call ends the token before. */
  function oldToken({ query }: ApiRequest): ApiAnswer {
    if (query.get('grant_type') !== 'client_credential') refuse(40002, 'invalid grant_type');
    credentials(query.get('appid'), query.get('secret'));
    account.old = { value: newToken(), until: world.now() + tokenLife };
    return { status: 200, headers: json, body: { access_token: account.old.value, expires_in: tokenLife / 1000 } };
  }

  const newToken = () => `${digits(world, 2)}_${token(world, 100)}`;

  function recipient(touser: unknown): { openid: string; follower: Follower } {
    const openid = String(touser);
    const follower = account.people.get(openid);
    if (follower === undefined) return refuse(40003, 'invalid openid');
    if (phone.person(openid)?.follows === false) refuse(43004, 'require subscribe');
    return { openid, follower };
  }

  function sendMessage(request: ApiRequest): ApiAnswer {
    authorized(request);
    const body = bodyOf(request);
    const { openid, follower } = recipient(body.touser);
    const wrong = messageProblem(body, hasMedia);
    if (wrong !== undefined) refuse(wrong.errcode, wrong.errmsg);
    spend(follower);
    follower.typing = false;
    const shown = shownMessage(body);
    phone.show(openid, shown);
    return ok();
  }

  /** What somebody did last counts first: the short grant, then the long one. */
  function spend({ grants }: Follower): void {
    const live = [grants.event, grants.message].filter(({ until }) => until > world.now());
    if (live.length === 0 || misbehaviour.takes('windowClosed')) {
      refuse(45015, 'response out of time limit or subscription is canceled');
    }
    const free = live.find(({ left }) => left > 0);
    if (free === undefined) refuse(45047, 'out of response count limit');
    else free.left -= 1;
  }

  function hasMedia(mediaId: unknown, type: string): boolean {
    const file = shelf.get(`${type}-${String(mediaId)}`);
    return file !== undefined && file.at + mediaLife > world.now();
  }

  function shownMessage(body: Fields): ShownMessage {
    const type = String(body.msgtype);
    const content = fieldsOf(body[type]);
    const shown: ShownMessage = { id: messageId(world), by: 'company', at: world.now() };
    const file = (kind: 'image' | 'voice' | 'video') => {
      const kept = shelf.get(`${kind}-${String(content.media_id)}`);
      return kept === undefined ? { kind } : ground.shown(kind, kept);
    };
    switch (type) {
      case 'text':
        return { ...shown, text: linksShown(String(content.content)) };
      case 'image':
      case 'voice':
        return { ...shown, file: file(type) };
      case 'video':
        return { ...shown, file: file('video'), ...(textOf(content.title) && { text: String(content.title) }) };
      case 'news': {
        const { title, description, url } = fieldsOf(listOf(content.articles)[0]);
        const buttons = [{ id: 'open', title: '阅读全文', does: 'open' as const, url: String(url) }];
        return { ...shown, cards: [{ title: String(title ?? ''), text: String(description ?? ''), buttons }] };
      }
      case 'msgmenu': {
        const words = [content.head_content, content.tail_content]
          .filter((part) => textOf(part) !== undefined)
          .join('\n');
        const text = linksShown(words);
        const buttons = listOf(content.list).map((item) => {
          const { id, content: title } = fieldsOf(item);
          return { id: String(id), title: String(title), does: 'answer' as const, value: id };
        });
        return { ...shown, text, buttons };
      }
      case 'miniprogrampage':
        return { ...shown, cards: [{ title: String(content.title), text: '小程序', buttons: [] }] };
      default:
        return { ...shown, text: `[${type}] ${String(content.title ?? '')}` };
    }
  }

  function typing(request: ApiRequest): ApiAnswer {
    authorized(request);
    const { touser, command } = bodyOf(request);
    const { openid, follower } = recipient(touser);
    if (command === 'CancelTyping') {
      follower.typing = false;
      phone.typing(openid, 0);
      return ok();
    }
    if (command !== 'Typing') refuse(45072, 'invalid command');
    if (follower.wroteAt + 30_000 < world.now()) refuse(45080, 'can only typing in 30s after user message');
    if (phone.person(openid)?.companyTyping) refuse(45081, 'already in typing');
    phone.typing(openid, 15_000);
    return ok();
  }

  function sendTemplate(request: ApiRequest): ApiAnswer {
    authorized(request);
    const { touser, template_id: id, data } = bodyOf(request);
    const { openid } = recipient(touser);
    const template = account.templates.find((known) => known.id === id);
    if (template === undefined) return refuse(40037, 'invalid template_id');
    const values = fieldsOf(data);
    const text = template.content.replace(/\{\{(\w+)\.DATA\}\}/g, (_, name) => {
      const value = textOf(fieldsOf(values[name]).value);
      return value ?? refuse(47003, `argument invalid! data.${name}.value is empty`);
    });
    phone.show(openid, {
      id: messageId(world),
      by: 'company',
      at: world.now(),
      cards: [{ title: template.title, text, buttons: [] }],
      tag: '模板消息',
    });
    const msgid = BigInt(digits(world, 19).replace(/^./, '2'));
    reports.templateDone(openid, msgid, 'success');
    return { status: 200, headers: json, body: `{"errcode":0,"errmsg":"ok","msgid":${msgid}}` };
  }

  async function upload(request: ApiRequest): Promise<ApiAnswer> {
    authorized(request);
    const type = request.query.get('type') ?? '';
    const limit = uploads[type];
    if (limit === undefined) return refuse(40004, 'invalid media type');
    const file = (await readForm(request))?.files.media;
    if (file === undefined) return refuse(41005, 'media data missing');
    if (file.name === '' || !file.name.includes('.')) return refuse(40005, 'invalid file type');
    if (file.bytes.length > limit.most) return refuse(40006, 'invalid meida size');
    if (!limit.types.test(typeOf(file.bytes) ?? '')) return refuse(40005, 'invalid file type');
    const mediaId = token(world, 48);
    shelf.put({ id: `${type}-${mediaId}`, bytes: file.bytes, contentType: typeOf(file.bytes) ?? '', name: file.name });
    const created = Math.floor(world.now() / 1000);
    const named = type === 'thumb' ? { thumb_media_id: mediaId } : { media_id: mediaId };
    return { status: 200, headers: json, body: { type, ...named, created_at: created } };
  }

  function download(request: ApiRequest): ApiAnswer {
    authorized(request);
    const mediaId = request.query.get('media_id') ?? '';
    const file = shelf.get(mediaId);
    if (file === undefined || file.at + mediaLife < world.now()) return refuse(40007, 'invalid media_id');
    if (file.contentType.startsWith('video/')) {
      const address = `https://vweixinp.tc.qq.com/1007_${mediaId}.f10.mp4?vkey=${token(world, 30)}`;
      return { status: 200, headers: json, body: { video_url: address } };
    }
    return {
      status: 200,
      headers: {
        'content-type': file.contentType,
        'content-disposition': `attachment; filename="${mediaId}.${extensionOf(file.contentType)}"`,
      },
      body: file.bytes,
    };
  }

  function bytesOf(id: string): ApiAnswer {
    const file = shelf.get(id);
    if (file === undefined || file.at + mediaLife < world.now()) return { status: 404, body: '' };
    return { status: 200, headers: { 'content-type': file.contentType }, body: file.bytes };
  }

  function user(request: ApiRequest): ApiAnswer {
    authorized(request);
    const openid = request.query.get('openid') ?? '';
    const follower = account.people.get(openid);
    const person = phone.person(openid);
    if (follower === undefined || person === undefined) return refuse(40003, 'invalid openid');
    if (!person.follows) return { status: 200, headers: json, body: { subscribe: 0, openid } };
    return {
      status: 200,
      headers: json,
      body: {
        subscribe: 1,
        openid,
        // Nickname and picture are not told any more.
        nickname: '',
        headimgurl: '',
        language: person.locale.replace('-', '_'),
        subscribe_time: Math.floor(follower.followedAt / 1000),
        unionid: follower.unionId,
        remark: person.name,
        groupid: 0,
        tagid_list: [],
        subscribe_scene: 'ADD_SCENE_QR_CODE',
        qr_scene: 0,
        qr_scene_str: 'shop-window',
      },
    };
  }

  const behind =
    (body: () => object): ApiRoute['handle'] =>
    (request) => {
      authorized(request);
      return ok(body());
    };
  const goneMedia = refused(problem(40007, 'invalid media_id'), 'gone');
  const post = (path: string, handle: ApiRoute['handle']): ApiRoute => ({ method: 'POST', path, handle });
  return [
    post('/cgi-bin/stable_token', stableToken),
    { method: 'GET', path: '/cgi-bin/token', handle: oldToken },
    post('/cgi-bin/message/custom/send', sendMessage),
    post('/cgi-bin/message/custom/typing', typing),
    post('/cgi-bin/message/template/send', sendTemplate),
    {
      method: 'GET',
      path: '/cgi-bin/template/get_all_private_template',
      handle: behind(() => ({
        template_list: account.templates.map(({ id, ...template }) => ({
          template_id: id,
          primary_industry: '家居',
          deputy_industry: '家具',
          ...template,
        })),
      })),
    },
    post('/cgi-bin/media/upload', upload),
    { method: 'GET', path: '/cgi-bin/media/get', handle: download, gone: goneMedia },
    { method: 'GET', path: '/cgi-bin/user/info', handle: user },
    { method: 'GET', path: '/cgi-bin/getcallbackip', handle: behind(() => ({ ip_list: ['127.0.0.1'] })) },
    { method: 'GET', path: '/cgi-bin/get_api_domain_ip', handle: behind(() => ({ ip_list: ['127.0.0.1'] })) },
    {
      method: 'GET',
      path: '/mmbiz_jpg/:id/0',
      hosts: ['mmbiz.qpic.cn'],
      handle: ({ params }) => bytesOf(params.id ?? ''),
      gone: { status: 404, body: '' },
    },
    {
      method: 'GET',
      path: '/:video',
      hosts: ['vweixinp.tc.qq.com'],
      handle: ({ params }) => bytesOf((params.video ?? '').replace(/^1007_|\.f10\.mp4$/g, '')),
      gone: { status: 404, body: '' },
    },
  ];
}

/** A link is all of HTML that WeChat shows in a text. */
function linksShown(text: string): string {
  return text.replace(/<a\s[^>]*href=["']([^"']*)["'][^>]*>(.*?)<\/a>/g, '$2 $1');
}
