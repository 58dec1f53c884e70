import {
  type AdapterHost,
  type Attempt,
  type ChannelClient,
  type Part,
  type Person,
  SendFailure,
  type Sent,
  type Template,
  type TestResult,
} from '../contract/index.ts';
import { asArray, asString, recordOf } from '../kit/index.ts';
import { createApi } from './client-api.ts';
import { type Uploaded, WechatMediaStore } from './client-media.ts';
import type { WechatSettings } from './config.ts';
import {
  type MediaUse,
  mediaPlaceholder,
  thumbPlaceholder,
  uploadLimits,
  type WechatAddress,
  type WechatMedia,
  type WechatRequest,
} from './platform.ts';

/** What `ready` keeps with a part: the uploads its placeholders stand for. */
interface Ready {
  media?: Uploaded;
  thumb?: Uploaded;
}

/** "Is typing" without effect: already shown, or the customer was not there within the last 30 s. */
const harmlessTyping: ReadonlySet<string> = new Set(['45080', '45081']);

const templatePath = '/cgi-bin/message/template/send';

/** Without the right to send templates an account can still answer: the message fails, the channel goes on. */
async function templateOnly<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof SendFailure) || error.code !== '48001') throw error;
    throw new SendFailure('refused', error.message, { code: error.code, cause: error });
  }
}

/** The only part of the adapter that calls WeChat. */
export function createClient(host: AdapterHost<WechatSettings>): ChannelClient {
  const api = createApi(host);
  const media = new WechatMediaStore(host, api);

  async function ready(part: Part, signal: AbortSignal, again = false): Promise<Ready> {
    const file = part.media?.[0];
    if (file === undefined) {
      // So that the request itself waits for nothing else.
      await api.authorized(async () => undefined);
      return {};
    }
    const use = file.use as MediaUse;
    const type = file.form?.contentType ?? uploadLimits[use].types[0] ?? '';
    const uploaded = await media.upload(file.mediaId, use, type, again, signal);
    const thumb = use === 'video' ? await thumbOf(file.mediaId, again, signal) : undefined;
    return thumb === undefined ? { media: uploaded } : { media: uploaded, thumb };
  }

  /** A picture of the video, where one can be made. */
  async function thumbOf(mediaId: string, again: boolean, signal: AbortSignal): Promise<Uploaded | undefined> {
    try {
      return await media.upload(mediaId, 'thumb', 'image/jpeg', again, signal);
    } catch (error) {
      if (error instanceof SendFailure && error.kind === 'refused') return undefined;
      throw error;
    }
  }

  async function post({ part, number, signal }: Attempt, uploads: Ready): Promise<Sent> {
    const { path, body } = part.request as WechatRequest;
    const asked = api.call({ path, json: filled(body, uploads), attempt: number, signal });
    const answer = await (path === templatePath ? templateOnly(asked) : asked);
    // Customer messages are given no id; template messages are, and their delivery is told by it.
    const id = asString(answer.msgid);
    return { externalIds: path === templatePath && id !== undefined ? [id] : [] };
  }

  return {
    ready: (part, _conversation, signal) => ready(part, signal),

    async send(attempt) {
      const { part, signal } = attempt;
      const kept = attempt.ready as Ready | undefined;
      const lasts = part.media === undefined || (kept?.media?.until ?? 0) > host.clock.now();
      const uploads = lasts ? (kept ?? {}) : await ready(part, signal);
      try {
        return await post(attempt, uploads);
      } catch (error) {
        const gone = error instanceof SendFailure && error.code === '40007' && part.media !== undefined;
        if (!gone) throw error;
      }
      return post(attempt, await ready(part, signal, true));
    },

    fetch: (reference) => media.download(reference as WechatMedia),

    async profile({ id }) {
      const answer = await api.call({
        path: '/cgi-bin/user/info',
        query: { openid: id, lang: 'zh_CN' },
        harmless: true,
      });
      return personOf(id, answer);
    },

    async typing({ address }, typing) {
      const { openid } = address as WechatAddress;
      const json = { touser: openid, command: typing ? 'Typing' : 'CancelTyping' };
      try {
        await api.call({ path: '/cgi-bin/message/custom/typing', json, harmless: true, timeout: 5_000 });
      } catch (error) {
        if (!(error instanceof SendFailure) || !harmlessTyping.has(error.code ?? '')) throw error;
      }
    },

    templates,

    async test() {
      const results: TestResult[] = [encryptionOf(host.channel.settings)];
      try {
        await api.authorized(async () => undefined);
        results.push({ ok: true, what: 'Access token', detail: 'WeChat takes AppID and AppSecret.' });
      } catch (error) {
        return [...results, { ok: false, what: 'Access token', detail: wordsOf(error) }];
      }
      try {
        const { length } = await templates();
        results.push({ ok: true, what: 'Templates', detail: `The account has ${length} message templates.` });
      } catch (error) {
        results.push(withoutTemplates(error));
      }
      return results;
    },
  };

  async function templates(): Promise<Template[]> {
    const answer = await api.call({ path: '/cgi-bin/template/get_all_private_template', harmless: true });
    return asArray(answer.template_list).flatMap((one) => templateOf(one) ?? []);
  }
}

/** The body with the ids of its uploads; a thumbnail that there is none of is left out. Text is never looked into. */
function filled(body: WechatRequest['body'], { media, thumb }: Ready): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      const content = recordOf(value);
      if (content.media_id !== mediaPlaceholder) return [name, value];
      const { thumb_media_id: wanted, ...rest } = content;
      const picture = wanted === thumbPlaceholder && thumb !== undefined ? { thumb_media_id: thumb.id } : {};
      return [name, { ...rest, media_id: media?.id, ...picture }];
    }),
  );
}

/** Nickname and picture are mostly empty by now (from memory, unchecked); the remark is the company's own name for them. */
function personOf(id: string, answer: Readonly<Record<string, unknown>>): Partial<Person> | undefined {
  if (answer.subscribe !== 1) return undefined;
  const name = asString(answer.remark) ?? asString(answer.nickname);
  const pictureUrl = asString(answer.headimgurl);
  const locale = asString(answer.language)?.replace('_', '-');
  return {
    id,
    ...(name === undefined ? {} : { name }),
    ...(pictureUrl === undefined ? {} : { pictureUrl }),
    ...(locale === undefined ? {} : { locale }),
  };
}

function templateOf(one: unknown): Template | undefined {
  const { template_id, title, content } = recordOf(one);
  const name = asString(template_id);
  const words = asString(content);
  if (name === undefined || words === undefined) return undefined;
  const blanks = new Set<string>();
  const text = words.replace(/\{\{\s*([^{}.\s]{1,60})\.DATA\s*\}\}/g, (_, blank: string) => {
    blanks.add(blank);
    return `{{${blank}}}`;
  });
  return { name, text: [asString(title), text.trim()].filter(Boolean).join('\n'), blanks: [...blanks] };
}

function encryptionOf({ mode }: WechatSettings): TestResult {
  const plain = 'Signatures do not cover what messages say: choose safe mode in the WeChat console and here.';
  return { ok: true, what: 'Message encryption', detail: mode === 'plain' ? plain : 'Messages come encrypted.' };
}

/** Many accounts do well without templates. */
function withoutTemplates(error: unknown): TestResult {
  const missing = error instanceof SendFailure && error.code === '48001';
  const detail = 'The account may not send templates: nobody can be written to once the messaging window is closed.';
  return { ok: missing, what: 'Templates', detail: missing ? detail : wordsOf(error) };
}

function wordsOf(error: unknown): string {
  return error instanceof SendFailure ? error.message : 'Something went wrong here: see the log.';
}
