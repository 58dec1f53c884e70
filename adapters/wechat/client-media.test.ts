import { beforeEach, describe, expect, it } from 'vitest';
import type { SeenRequest } from '../../test/support/platform-server.ts';
import {
  attempt,
  conversation,
  gone,
  json,
  late,
  picture,
  queryOf,
  type Reply,
  raw,
  send,
  signal,
  upload,
  useWechat,
  video,
} from '../../test/support/wechat.ts';
import type { SendFailureKind } from '../contract/index.ts';

const world = useWechat();

describe('a file on its way out', () => {
  const jpeg = Buffer.from('\r\n--jpeg bytes\0');
  beforeEach(() => {
    world.files.set('med_1 image/jpeg', jpeg);
    world.files.set('med_1 video/mp4', Buffer.from('mp4'));
    world.on(upload, (asked: SeenRequest) => {
      const type = queryOf(asked).get('type') ?? '';
      return { json: { type, [type === 'thumb' ? 'thumb_media_id' : 'media_id']: `${type}-1`, created_at: 1 } };
    });
  });

  it('is uploaded under the field and ending WeChat reads, and named in the message', async () => {
    const client = world.clientOf();
    const ready = await client.ready?.(picture, conversation, signal);
    expect(JSON.parse(JSON.stringify(ready))).toEqual(ready);
    const [asked] = world.of(upload);
    if (asked === undefined) throw new Error('nothing was uploaded');
    expect(queryOf(asked).get('type')).toBe('image');
    const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(asked.headers['content-type'] ?? '')?.[1];
    expect(asked.body.toString('latin1')).toBe(
      `--${boundary}\r\ncontent-disposition: form-data; name="media"; filename="file.jpg"\r\n` +
        `content-type: image/jpeg\r\n\r\n${jpeg.toString('latin1')}\r\n--${boundary}--\r\n`,
    );
    await client.send(attempt(picture, { ready }));
    expect(world.bodies(send)).toEqual([{ touser: 'o1', msgtype: 'image', image: { media_id: 'image-1' } }]);
    expect(world.of(upload)).toHaveLength(1);
  });

  it('is uploaded once in three days, for however many messages', async () => {
    const client = world.clientOf();
    const first = await client.ready?.(picture, conversation, signal);
    await world.host.clock.advance(70 * 60 * 60_000);
    expect(await client.ready?.(picture, conversation, signal)).toEqual(first);
    expect(world.of(upload)).toHaveLength(1);
    await world.host.clock.advance(2 * 60 * 60_000);
    await client.ready?.(picture, conversation, signal);
    expect(world.of(upload)).toHaveLength(2);
  });

  it('is uploaded again when its message waited too long, or WeChat has lost it', async () => {
    const client = world.clientOf();
    const ready = await client.ready?.(picture, conversation, signal);
    await world.host.clock.advance(72 * 60 * 60_000);
    await client.send(attempt(picture, { ready }));
    expect(world.of(upload)).toHaveLength(2);
    world.on(send, { errcode: 40007, errmsg: 'invalid media_id' }, { errcode: 0 });
    await client.send(attempt(picture, { ready: await client.ready?.(picture, conversation, signal) }));
    expect(world.of(upload)).toHaveLength(3);
    world.on(send, { errcode: 40007, errmsg: 'invalid media_id' });
    await expect(client.send(attempt(picture))).rejects.toMatchObject({ kind: 'refused', code: '40007' });
  });

  it('that is a video brings a picture of itself, where one can be made', async () => {
    const client = world.clientOf();
    const ready = await client.ready?.(video, conversation, signal);
    await client.send(attempt(video, { ready }));
    world.files.delete('med_1 image/jpeg');
    const other = world.clientOf();
    await other.send(attempt(video, { ready: await other.ready?.(video, conversation, signal) }));
    expect(world.bodies(send)).toEqual([
      {
        touser: 'o1',
        msgtype: 'video',
        video: { title: '{{media:0}}', media_id: 'video-1', thumb_media_id: 'thumb-1' },
      },
      { touser: 'o1', msgtype: 'video', video: { title: '{{media:0}}', media_id: 'video-1' } },
    ]);
  });

  it.each<[string, () => void, SendFailureKind]>([
    ['that is gone', () => world.files.set('med_1 image/jpeg', gone), 'refused'],
    ['that is not there yet', () => world.files.set('med_1 image/jpeg', late), 'unreachable'],
    ['that is too large', () => world.files.set('med_1 image/jpeg', Buffer.alloc(10_000_001)), 'refused'],
    ['that WeChat refuses', () => world.on(upload, { errcode: 40005, errmsg: 'invalid file type' }), 'refused'],
    ['whose upload is not answered', () => world.on(upload, 'hang-up'), 'unreachable'],
    ['whose upload is given no id', () => world.on(upload, { type: 'image' }), 'unreachable'],
  ])('%s leaves no outcome in doubt', async (_, prepare, kind) => {
    prepare();
    await expect(world.clientOf().ready?.(picture, conversation, signal)).rejects.toMatchObject({ kind });
    expect(world.of(send)).toHaveLength(0);
  });
});

describe("a customer's file", () => {
  const get = '/cgi-bin/media/get';
  const bytesOf = async (file: { stream: AsyncIterable<Uint8Array> } | undefined) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of file?.stream ?? []) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };

  it('is fetched by its id', async () => {
    world.on(get, raw('bytes', { 'content-type': 'audio/amr', 'content-disposition': 'attachment; filename="v.amr"' }));
    const file = await world.clientOf().fetch?.({ mediaId: 'm-1' });
    expect(file).toMatchObject({ contentType: 'audio/amr', name: 'v.amr' });
    expect(await bytesOf(file)).toBe('bytes');
    expect(world.of(get).map((asked) => queryOf(asked).get('media_id'))).toEqual(['m-1']);
  });

  it('that is a video is fetched from where WeChat says', async () => {
    world.on(get, raw('{"video_url":"http://v.weixin.example/clip?x=1"}', { 'content-type': 'text/plain' }));
    world.on('/clip', raw('mp4', { 'content-type': 'video/mp4' }));
    const file = await world.clientOf().fetch?.({ mediaId: 'm-1' });
    expect([file?.contentType, await bytesOf(file)]).toEqual(['video/mp4', 'mp4']);
  });

  it('is fetched with a new token when the old one is refused', async () => {
    world.on(get, { errcode: 42001, errmsg: 'expired' }, raw('bytes', { 'content-type': 'image/jpeg' }));
    expect(await bytesOf(await world.clientOf().fetch?.({ mediaId: 'm-1' }))).toBe('bytes');
    expect(world.of(get).map((asked) => queryOf(asked).get('access_token'))).toEqual(['token-0', 'token-1']);
  });

  it('that is a picture is fetched by its address where its id gives nothing', async () => {
    world.on(get, { errcode: 48001, errmsg: 'api unauthorized' });
    world.on('/mmbiz/0', raw('jpeg', { 'content-type': 'image/jpeg' }));
    const url = 'http://mmbiz.qpic.cn/mmbiz/0';
    expect(await bytesOf(await world.clientOf().fetch?.({ mediaId: 'm-1', url }))).toBe('jpeg');
    expect(await bytesOf(await world.clientOf().fetch?.({ url }))).toBe('jpeg');
  });

  it.each<[string, Reply, object]>([
    ['is gone', json({ errcode: 40007, errmsg: 'invalid media_id' }), { kind: 'gone' }],
    ['is to be had later when WeChat is busy', json({ errcode: -1 }), { kind: 'later', after: 1_000 }],
    ['waits for a repair of the channel', json({ errcode: 48001 }), { kind: 'later', after: 600_000 }],
    ['waits when the token is refused twice', json({ errcode: 40001 }), { kind: 'later' }],
    ['is refused with another error', json({ errcode: 40004 }), { kind: 'refused' }],
    ['is refused when there is neither file nor error', json({}), { kind: 'refused' }],
    ['is to be had later when the connection is cut', 'hang-up', { kind: 'later' }],
    ['is to be had later when a gateway fails', raw('', {}, 502), { kind: 'later' }],
  ])('%s', async (_, answer, failure) => {
    world.on(get, answer);
    await expect(world.clientOf().fetch?.({ mediaId: 'm-1' })).rejects.toMatchObject({
      name: 'MediaFailure',
      ...failure,
    });
  });

  it('fails for the first reason when its address does not help', async () => {
    world.on(get, { errcode: -1, errmsg: 'busy' });
    world.on('/mmbiz/0', raw('', {}, 404));
    const asked = world.clientOf().fetch?.({ mediaId: 'm-1', url: 'http://mmbiz.qpic.cn/mmbiz/0' });
    await expect(asked).rejects.toMatchObject({ kind: 'later' });
  });
});
