import { type Fields, fieldsOf, isObject, listOf, textOf } from '../phone/checks.ts';

/** A code of WeChat, with what it says. */
export interface WechatProblem {
  errcode: number;
  errmsg: string;
}

/** What is wrong with a customer message; undefined when WeChat would take it. `hasMedia`: a kept file of that type. */
export function messageProblem(
  body: Fields,
  hasMedia: (mediaId: unknown, type: string) => boolean,
): WechatProblem | undefined {
  const { msgtype } = body;
  const content = body[String(msgtype)];
  if (!knownTypes.includes(String(msgtype))) return problem(40008, 'invalid message type');
  if (!isObject(content)) return problem(44004, 'empty content');
  if (body.customservice !== undefined && !/^\S+@\S+$/.test(String(fieldsOf(body.customservice).kf_account))) {
    return problem(65400, 'please enable new custom service, or wait for a while if you have enabled');
  }
  switch (msgtype) {
    case 'text': {
      const text = textOf(content.content);
      if (text === undefined) return problem(44004, 'empty content');
      return Buffer.byteLength(text) > 2_048 ? problem(45002, 'content size out of limit') : undefined;
    }
    case 'image':
    case 'voice':
      return hasMedia(content.media_id, msgtype) ? undefined : problem(40007, 'invalid media_id');
    case 'video': {
      const thumb = content.thumb_media_id === undefined || hasMedia(content.thumb_media_id, 'thumb');
      return hasMedia(content.media_id, 'video') && thumb ? undefined : problem(40007, 'invalid media_id');
    }
    case 'news': {
      const articles = listOf(content.articles).map(fieldsOf);
      if (articles.length !== 1) return problem(45008, 'article size out of limit');
      return textOf(articles[0]?.url) === undefined ? problem(44004, 'empty content') : undefined;
    }
    case 'msgmenu': {
      const items = listOf(content.list).map(fieldsOf);
      const whole = items.every(({ id, content: title }) => textOf(id) !== undefined && textOf(title) !== undefined);
      return items.length > 0 && whole ? undefined : problem(40033, 'invalid msgmenu');
    }
    case 'miniprogrampage':
      return hasMedia(content.thumb_media_id, 'image') ? undefined : problem(40007, 'invalid media_id');
    default:
      return undefined;
  }
}

const knownTypes = ['text', 'image', 'voice', 'video', 'music', 'news', 'mpnewsarticle', 'msgmenu', 'miniprogrampage'];

export function problem(errcode: number, errmsg: string): WechatProblem {
  return { errcode, errmsg };
}
