import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { factTypes } from '../../adapters/contract/index.ts';
import { createRcsChinaMobile, createRcsGoogle } from '../../demo/platforms/rcs/index.ts';
import { pixel } from '../../demo/platforms/testing/trial.ts';
import { type SimulatedHouse, simulatedHouse } from './simulators-house.ts';

type Rcs = ReturnType<typeof createRcsGoogle> | ReturnType<typeof createRcsChinaMobile>;

let house: SimulatedHouse<Rcs>;
afterEach(() => house.stop());

const variants = [
  ['Google', createRcsGoogle],
  ['China Mobile', createRcsChinaMobile],
] as const;

describe.each(variants)('RCS by %s, from phone to desk and back', (_name, create) => {
  beforeEach(async () => {
    house = await simulatedHouse<Rcs>('rcs', (place) => create(place, 'simulated'));
  });

  it('words and a picture reach the agent', async () => {
    await house.act({ do: 'text', text: 'Is the oak desk in stock? 书桌' });
    expect(await house.logged(({ text }) => text === 'Is the oak desk in stock? 书桌')).toMatchObject({
      channelId: 'rcs',
    });
    await house.sendFile('image', pixel, 'image/png', 'room.png');
    const { attachments } = await house.logged(
      ({ attachments: files = [] }) => files[0]?.contentUrl?.startsWith('http') === true,
    );
    const [file] = attachments ?? [];
    const bytes = await fetch(file?.contentUrl ?? '').then((response) => response.arrayBuffer());
    expect(file?.contentType).toBe('image/png');
    expect(bytes.byteLength).toBeGreaterThan(0);
  });

  it('the agent’s words, pictures, replies and cards reach the phone, and a tap comes back', async () => {
    await house.act({ do: 'text', text: 'Hello' });
    const words = await house.says({ text: 'Hello! One moment, please.' });
    await house.shows(({ text }) => text === 'Hello! One moment, please.');
    await expect.poll(() => house.stateOf(words), { timeout: 5_000 }).toBe('read');

    await house.sends(pixel, 'image/png', 'desk.png');
    // China Mobile's audit is waited for.
    await house.shows(({ file }) => file?.kind === 'image' && file.url !== undefined, 20_000);

    await house.says({
      text: 'Which one?',
      suggestedActions: {
        actions: [
          { type: 'imBack', title: 'Oak', value: 'oak' },
          { type: 'postBack', title: 'Ash', value: '{"wood":"ash"}' },
        ],
      },
    });
    const question = await house.shows(({ quickReplies = [] }) => quickReplies.length === 2);
    expect(question).toMatchObject({ text: 'Which one?', quickReplies: [{ title: 'Oak' }, { title: 'Ash' }] });
    await house.act({ do: 'tap', message: question.id, button: question.quickReplies?.[1]?.id });
    expect(await house.logged(({ text }) => text === 'Ash')).toMatchObject({ value: '{"wood":"ash"}' });

    await house.says({
      attachments: [
        {
          contentType: factTypes.card,
          content: {
            title: 'Oak desk',
            text: '140 cm',
            buttons: [{ type: 'openUrl', title: 'See it', value: 'https://shop.example/desk' }],
          },
        },
      ],
    });
    const card = await house.shows(({ cards = [] }) => cards.length === 1);
    expect(card.cards).toMatchObject([
      { title: 'Oak desk', buttons: [{ title: 'See it', does: 'open', url: 'https://shop.example/desk' }] },
    ]);
  }, 40_000);

  it('a place goes both ways', async () => {
    await house.act({ do: 'location', latitude: 39.9087, longitude: 116.3975, name: 'Square' });
    const { attachments } = await house.logged(({ attachments: facts = [] }) => facts.length > 0);
    const [place] = attachments ?? [];
    expect(place).toMatchObject({ contentType: factTypes.location });
    expect(place?.content).toMatchObject({ latitude: expect.closeTo(39.9087, 1) });
    await house.says({
      attachments: [
        { contentType: factTypes.location, content: { latitude: 52.5, longitude: 13.4, name: 'Workshop' } },
      ],
    });
    await house.shows(
      ({ text = '', place: pin, quickReplies = [], cards = [] }) =>
        pin !== undefined || JSON.stringify([text, quickReplies, cards]).includes('Workshop'),
    );
  });

  it('a phone without RCS gets an SMS where that is agreed, else the agent sees that nothing arrived', async () => {
    await house.act({ do: 'text', text: 'Hello' });
    await house.session();
    await house.act({ do: 'menu', item: 'rcs' });
    const words = await house.says({ text: 'Your desk is ready.' });
    if (create === createRcsGoogle) {
      await expect.poll(() => house.stateOf(words), { timeout: 5_000 }).toBe('failed');
      expect(house.shown().filter(({ by }) => by === 'company')).toEqual([]);
      return;
    }
    expect(await house.shows(({ tag }) => tag === 'SMS')).toMatchObject({ text: 'Your desk is ready.' });
    await expect.poll(() => house.stateOf(words), { timeout: 5_000 }).toBe('delivered');
  });

  it('a document goes both ways', async () => {
    const pdf = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
    await house.sendFile('file', pdf, 'application/pdf', 'plan.pdf');
    const { attachments } = await house.logged(
      ({ attachments: files = [] }) => files[0]?.contentUrl?.startsWith('http') === true,
    );
    expect(attachments).toMatchObject([{ contentType: 'application/pdf', name: 'plan.pdf' }]);
    const sent = await house.sends(pdf, 'application/pdf', 'offer.pdf');
    await expect.poll(() => house.stateOf(sent), { timeout: 20_000 }).toMatch(/^(delivered|read)$/);
  }, 30_000);

  it('"Test connection" finds nothing wrong', async () => {
    expect(await house.test()).not.toEqual([]);
    expect((await house.test()).filter(({ ok, what }) => !ok && !/public|https/i.test(what))).toEqual([]);
  });

  it('what was refused as too much, or failed, arrives once', async () => {
    await house.act({ do: 'text', text: 'Hello' });
    await house.session();
    await house.control({ fail5xx: 1, rate429: 1, expireToken: 1 });
    await house.says({ text: 'Patience' });
    await house.shows(({ text }) => text === 'Patience');
    expect(house.shown().filter(({ text }) => text === 'Patience')).toHaveLength(1);
  }, 30_000);
});
