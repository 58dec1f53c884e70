import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { factTypes } from '../../adapters/contract/index.ts';
import { pixel } from '../../demo/platforms/testing/trial.ts';
import { createWechat } from '../../demo/platforms/wechat/index.ts';
import { type SimulatedHouse, simulatedHouse } from './simulators-house.ts';

type Wechat = ReturnType<typeof createWechat>;

let house: SimulatedHouse<Wechat>;
afterEach(() => house.stop());

describe.each(['safe', 'plain'] as const)('WeChat in %s mode, from phone to desk and back', (mode) => {
  beforeEach(async () => {
    house = await simulatedHouse('wechat', (place) => createWechat(place, 'simulated', mode));
  });

  it('words and a picture reach the agent', async () => {
    await house.act({ do: 'text', text: '书桌 <大> & 还有吗?😀' });
    await house.logged(({ text }) => text === '书桌 <大> & 还有吗?😀');
    await house.sendFile('image', pixel, 'image/png', 'room.png');
    const { attachments } = await house.logged(
      ({ attachments: files = [] }) => files[0]?.contentUrl?.startsWith('http') === true,
    );
    const bytes = await fetch(attachments?.[0]?.contentUrl ?? '').then((response) => response.arrayBuffer());
    expect(bytes.byteLength).toBeGreaterThan(0);
  });

  it('the agent’s words, pictures and replies reach the phone, and a tap comes back', async () => {
    await house.act({ do: 'text', text: '你好' });
    const words = await house.says({ text: '您好,请稍等。' });
    await house.shows(({ text }) => text === '您好,请稍等。');
    await expect.poll(() => house.stateOf(words)).toBe('sent');
    await house.sends(pixel, 'image/png', 'desk.png');
    await house.shows(({ file }) => file?.kind === 'image' && file.url !== undefined);
    await house.says({
      text: '哪一种?',
      suggestedActions: {
        actions: [
          { type: 'imBack', title: '橡木', value: 'oak' },
          { type: 'postBack', title: '白蜡木', value: 'ash' },
        ],
      },
    });
    const question = await house.shows(({ buttons = [] }) => buttons.length === 2);
    expect(question).toMatchObject({ buttons: [{ title: '橡木' }, { title: '白蜡木' }] });
    await house.act({ do: 'tap', message: question.id, button: question.buttons?.[1]?.id });
    expect(await house.logged(({ text }) => text === '白蜡木')).toMatchObject({ value: 'ash' });
  });

  it('a place, a menu click and leaving are told to the agent', async () => {
    await house.act({ do: 'text', text: '你好' });
    await house.act({ do: 'location', latitude: 31.2304, longitude: 121.4737, name: '人民广场' });
    const { attachments } = await house.logged(({ attachments: facts = [] }) => facts.length > 0);
    expect(attachments).toMatchObject([
      { contentType: factTypes.location, content: { latitude: 31.2304, longitude: 121.4737 } },
    ]);
    await house.act({ do: 'menu', item: 'CATALOGUE' });
    await house.logged(({ value, text, name }) => JSON.stringify([value, text, name]).includes('CATALOGUE'));
    await house.act({ do: 'unfollow' });
    await house.logged(({ name }) => name === 'wechat:unsubscribed');
    await expect(house.says({ text: '再见' })).rejects.toThrow('"closed":"unfollowed"');
  });

  it('"Test connection" finds nothing wrong', async () => {
    expect(await house.test()).not.toEqual([]);
    expect((await house.test()).filter(({ ok, what }) => !ok && !/public|https/i.test(what))).toEqual([]);
  });

  it('a sixth message after the last of the customer’s is not sent; the greeting in the answer is none', async () => {
    await house.act({ do: 'text', text: '你好' });
    await house.session();
    for (const number of [1, 2, 3, 4, 5]) {
      await house.says({ text: `第${number}条` });
      await house.shows(({ text }) => text === `第${number}条`);
    }
    await expect(house.says({ text: '第6条' })).rejects.toThrow('CHANNEL_REFUSES');
    const company = house.shown().filter(({ by }) => by === 'company');
    expect(company.map(({ tag, text }) => tag ?? text)).toEqual([
      '被动回复',
      ...[1, 2, 3, 4, 5].map((n) => `第${n}条`),
    ]);
  });

  it('an answer that was lost is not sent twice; a token that ended is renewed', async () => {
    await house.act({ do: 'text', text: '你好' });
    await house.session();
    await house.control({ loseReply: { count: 1, path: '/message/custom/send' } });
    const lost = await house.says({ text: '一次' });
    await expect.poll(() => house.stateOf(lost)).toBe('unconfirmed');
    await house.control({ expireToken: { count: 1, path: '/message/custom/send' } });
    const renewed = await house.says({ text: '再一次' });
    await expect.poll(() => house.stateOf(renewed), { timeout: 8_000 }).toBe('sent');
    const texts = house.shown().flatMap(({ by, text }) => (by === 'company' ? [text] : []));
    expect(texts).toEqual([expect.stringContaining('您好'), '一次', '再一次']);
  });

  it('what is delivered twice or late is one message', async () => {
    await house.control({ twice: 1 });
    await house.act({ do: 'text', text: '两次' });
    await house.logged(({ text }) => text === '两次');
    await house.act({ do: 'text', text: '后来' });
    await house.logged(({ text }) => text === '后来');
    expect((await house.log()).filter(({ text }) => text === '两次')).toHaveLength(1);
  });
});
