import { describe, expect, it } from 'vitest';
import {
  attempt,
  conversation,
  json,
  never,
  now,
  queryOf,
  type Reply,
  raw,
  send,
  settings,
  signal,
  textPart,
  useWechat,
} from '../../test/support/wechat.ts';
import type { Part, SendFailureKind } from '../contract/index.ts';

const world = useWechat();

describe('a message', () => {
  it('goes as JSON in raw UTF-8, with the token, and is given no id', async () => {
    expect(await world.clientOf().send(attempt(textPart))).toEqual({ externalIds: [] });
    const [asked] = world.of(send);
    expect(asked).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
    expect(world.of(send).map((one) => queryOf(one).get('access_token'))).toEqual(['token-0']);
    expect(asked?.body.toString()).toBe('{"touser":"o1","msgtype":"text","text":{"content":"你好 {{media:0}}"}}');
  });

  it('of a template is known by the id WeChat gives it, with all its digits', async () => {
    const path = '/cgi-bin/message/template/send';
    world.on(path, raw('{"errcode":0,"errmsg":"ok","msgid":9007199254740993}', { 'content-type': 'application/json' }));
    const part: Part = { request: { method: 'POST', path, body: { touser: 'o1' } }, shows: { kind: 'text' } };
    expect(await world.clientOf().send(attempt(part))).toEqual({ externalIds: ['9007199254740993'] });
  });

  it('of a template fails alone when the account may send none', async () => {
    const path = '/cgi-bin/message/template/send';
    world.on(path, { errcode: 48001, errmsg: 'api unauthorized' });
    const part: Part = { request: { method: 'POST', path, body: { touser: 'o1' } }, shows: { kind: 'text' } };
    await expect(world.clientOf().send(attempt(part))).rejects.toMatchObject({ kind: 'refused', code: '48001' });
  });
});

describe('the access token', () => {
  it('is the stable one, made once for all clients', async () => {
    const [one, other] = [world.clientOf(), world.clientOf()];
    await one.ready?.(textPart, conversation, signal);
    await one.send(attempt(textPart));
    await other.send(attempt(textPart));
    expect(world.bodies('/cgi-bin/stable_token')).toEqual([
      { grant_type: 'client_credential', appid: settings.appId, secret: 'the app secret', force_refresh: false },
    ]);
    expect(world.host.kept.get('access_token')).toEqual({ value: 'token-0', expiresAt: now + 7_200_000 });
  });

  it.each([40001, 40014, 42001])(
    'that is refused (%i) is made anew once, by force while WeChat gives the same',
    async (errcode) => {
      world.on(send, { errcode, errmsg: 'invalid credential' }, { errcode: 0, errmsg: 'ok' });
      await world.clientOf().send(attempt(textPart));
      expect(world.of(send).map((asked) => queryOf(asked).get('access_token'))).toEqual(['token-0', 'token-1']);
      expect(world.bodies('/cgi-bin/stable_token')).toMatchObject([
        { force_refresh: false },
        { force_refresh: false },
        { force_refresh: true },
      ]);
    },
  );

  it('that is refused again stops the channel, after two requests', async () => {
    world.on(send, { errcode: 40001, errmsg: 'invalid credential' });
    await expect(world.clientOf().send(attempt(textPart))).rejects.toMatchObject({
      kind: 'channel-broken',
      code: '40001',
    });
    expect(world.of(send)).toHaveLength(2);
  });

  it.each<[number, SendFailureKind, RegExp]>([
    [40013, 'channel-broken', /AppID is wrong/],
    [40125, 'channel-broken', /AppSecret is wrong/],
    [40001, 'channel-broken', /AppID and AppSecret/],
    [40164, 'channel-broken', /IP whitelist/],
    [45009, 'rate-limited', /daily limit/],
    [-1, 'unreachable', /busy/],
  ])('that cannot be had (%i) says why, before anything is sent', async (errcode, kind, words) => {
    world.on('/cgi-bin/stable_token', { errcode, errmsg: 'no' });
    await expect(world.clientOf().send(attempt(textPart))).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(words),
    });
    expect(world.of(send)).toHaveLength(0);
  });

  it.each<Reply>(['hang-up', json({}), json({ access_token: 7 }), raw('<html>', {}, 502)])(
    'that is not answered leaves no outcome in doubt',
    async (answer) => {
      world.on('/cgi-bin/stable_token', answer);
      await expect(world.clientOf().send(attempt(textPart))).rejects.toMatchObject({ kind: 'unreachable' });
    },
  );
});

describe('a refusal means', () => {
  it.each<[number, object]>([
    [-1, { kind: 'unreachable', after: 1_000 }],
    [40003, { kind: 'blocked', closed: undefined }],
    [43004, { kind: 'blocked', closed: 'unfollowed' }],
    [43019, { kind: 'blocked', closed: 'blocked' }],
    [48002, { kind: 'blocked', closed: 'blocked' }],
    [45015, { kind: 'window-closed' }],
    [45047, { kind: 'window-closed' }],
    [45009, { kind: 'rate-limited', after: 4 * 60 * 60_000 }],
    [45011, { kind: 'rate-limited', after: 60_000 }],
    [45002, { kind: 'refused' }],
    [45008, { kind: 'refused' }],
    [40033, { kind: 'refused' }],
    [48001, { kind: 'channel-broken' }],
    [50002, { kind: 'channel-broken' }],
    [40164, { kind: 'channel-broken' }],
    [99999, { kind: 'refused' }],
  ])('%i: %j', async (errcode, failure) => {
    world.on(send, { errcode, errmsg: 'what WeChat said' });
    const error = await world
      .clientOf()
      .send(attempt(textPart))
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ ...failure, name: 'SendFailure', code: String(errcode) });
    expect((error as Error).message).toContain(`(WeChat: ${errcode} what WeChat said)`);
  });

  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [9, 4_000],
  ])('"busy" at attempt %i: again after %i ms', async (number, after) => {
    world.on(send, { errcode: -1, errmsg: 'system error' });
    await expect(world.clientOf().send(attempt(textPart, { number }))).rejects.toMatchObject({
      kind: 'unreachable',
      after,
    });
  });
});

describe('without a proper answer', () => {
  it.each<[string, Reply, SendFailureKind]>([
    ['a connection cut after the request', 'hang-up', 'unknown'],
    ['something unreadable', raw('<html>oops</html>', { 'content-type': 'text/html' }), 'unknown'],
    ['a gateway failing', raw('bad gateway', {}, 502), 'unknown'],
    ['a gateway overloaded', raw('', {}, 503), 'unreachable'],
    ['a gateway limiting', raw('', { 'retry-after': '7' }, 429), 'rate-limited'],
  ])('%s is told apart', async (_, answer, kind) => {
    world.on(send, answer);
    await expect(world.clientOf().send(attempt(textPart))).rejects.toMatchObject({ kind });
  });

  it('a server that cannot be reached has surely not taken it', async () => {
    const client = world.clientOf();
    await client.ready?.(textPart, conversation, signal);
    await world.stop();
    await expect(client.send(attempt(textPart))).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('a time that is over leaves it unknown', async () => {
    world.on(send, never);
    const over = AbortSignal.timeout(100);
    await expect(world.clientOf().send(attempt(textPart, { signal: over }))).rejects.toMatchObject({ kind: 'unknown' });
  });

  it('no failure names the token or the secret', async () => {
    const replies: Reply[] = ['hang-up', json({ errcode: 40001 }), json({ errcode: 45015 }), raw('x', {}, 500)];
    for (const answer of replies) {
      world.on(send, answer);
      const error = (await world
        .clientOf()
        .send(attempt(textPart))
        .catch((caught: unknown) => caught)) as Error;
      expect(`${error.message} ${error.stack}`).not.toMatch(/token-\d|the app secret/);
    }
  });
});

describe('a person', () => {
  const info = '/cgi-bin/user/info';
  const profile = () => world.clientOf().profile?.({ id: 'o1' }, conversation);

  it('is told of by name, picture and language, as far as there are any', async () => {
    world.on(info, {
      subscribe: 1,
      openid: 'o1',
      nickname: 'Ada',
      remark: 'Ada from sales',
      headimgurl: 'https://p.example/1',
      language: 'zh_CN',
    });
    expect(await profile()).toEqual({
      id: 'o1',
      name: 'Ada from sales',
      pictureUrl: 'https://p.example/1',
      locale: 'zh-CN',
    });
    expect(world.of(info)[0]?.url).toBe('/cgi-bin/user/info?access_token=token-0&openid=o1&lang=zh_CN');
    world.on(info, { subscribe: 1, openid: 'o1', nickname: '', headimgurl: '', remark: '', language: '' });
    expect(await profile()).toEqual({ id: 'o1' });
  });

  it('who does not follow is told nothing of', async () => {
    world.on(info, { subscribe: 0, openid: 'o1' });
    expect(await profile()).toBeUndefined();
  });
});

describe('typing', () => {
  const path = '/cgi-bin/message/custom/typing';

  it('is shown and ended', async () => {
    await world.clientOf().typing?.(conversation, true);
    await world.clientOf().typing?.(conversation, false);
    expect(world.bodies(path)).toEqual([
      { touser: 'o1', command: 'Typing' },
      { touser: 'o1', command: 'CancelTyping' },
    ]);
  });

  it('that has no effect is no failure; anything else is', async () => {
    for (const errcode of [45080, 45081]) {
      world.on(path, { errcode, errmsg: 'no' });
      await expect(world.clientOf().typing?.(conversation, true)).resolves.toBeUndefined();
    }
    world.on(path, { errcode: 48001, errmsg: 'no' });
    await expect(world.clientOf().typing?.(conversation, true)).rejects.toMatchObject({ code: '48001' });
  });
});

describe('templates and the test of a connection', () => {
  const path = '/cgi-bin/template/get_all_private_template';
  const list = {
    template_list: [
      {
        template_id: 'T-1',
        title: '发货通知',
        content: '{{first.DATA}}\n订单：{{keyword1.DATA}}\n{{first.DATA}}',
      },
      { template_id: 'T-2', title: '', content: 'No blanks' },
      { title: 'without an id', content: 'x' },
      null,
    ],
  };

  it('are told with their blanks by name', async () => {
    world.on(path, list);
    expect(await world.clientOf().templates?.()).toEqual([
      { name: 'T-1', text: '发货通知\n{{first}}\n订单：{{keyword1}}\n{{first}}', blanks: ['first', 'keyword1'] },
      { name: 'T-2', text: 'No blanks', blanks: [] },
    ]);
  });

  it('says that all is well', async () => {
    world.on(path, list);
    const results = await world.clientOf({ mode: 'safe' }).test();
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(results.map(({ detail }) => detail)).toEqual([
      'Messages come encrypted.',
      'WeChat takes AppID and AppSecret.',
      'The account has 2 message templates.',
    ]);
  });

  it('says what is wrong with the credentials, and asks nothing further', async () => {
    world.on('/cgi-bin/stable_token', { errcode: 40164, errmsg: 'invalid ip 1.2.3.4, not in whitelist' });
    const results = await world.clientOf().test();
    expect(results.at(-1)).toMatchObject({
      ok: false,
      what: 'Access token',
      detail: expect.stringMatching(/whitelist/),
    });
    expect(world.of(path)).toHaveLength(0);
    expect(JSON.stringify(results)).not.toContain('the app secret');
  });

  it('takes an account without templates as well, and tells of it', async () => {
    world.on(path, { errcode: 48001, errmsg: 'api unauthorized' });
    expect((await world.clientOf().test()).at(-1)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/may not send/),
    });
    world.on(path, { errcode: -1, errmsg: 'busy' });
    expect((await world.clientOf().test()).at(-1)).toMatchObject({ ok: false, what: 'Templates' });
  });
});
