import { afterEach, describe, expect, it } from 'vitest';
import { pixel } from '../../demo/platforms/testing/trial.ts';
import { createTwitter } from '../../demo/platforms/twitter/index.ts';
import { type SimulatedHouse, simulatedHouse } from './simulators-house.ts';

type Twitter = ReturnType<typeof createTwitter>;

let house: SimulatedHouse<Twitter>;
afterEach(() => house.stop());

/** Settings with the other way to sign in. */
function byOauth2({ account }: Twitter): Record<string, unknown> {
  const { clientId, clientSecret, refreshToken } = account;
  return {
    auth: 'oauth2',
    accessToken: undefined,
    accessTokenSecret: undefined,
    clientId,
    clientSecret,
    refreshToken,
  };
}

const variants = [
  ['oauth1', 'activity'],
  ['oauth2', 'activity'],
  ['oauth1', 'account-activity'],
] as const;

describe.each(variants)('X by %s and %s payloads, from phone to desk and back', (auth, format) => {
  const begin = async (options = {}) => {
    house = await simulatedHouse(
      'twitter',
      (place) => createTwitter(place, 'simulated', { format, ...options }),
      auth === 'oauth2' ? byOauth2 : undefined,
    );
  };

  it('words and a picture reach the agent, who answers with both', async () => {
    await begin();
    await house.act({ do: 'text', text: 'Is the oak desk in stock? 😀' });
    await house.logged(({ text }) => text === 'Is the oak desk in stock? 😀');
    await house.sendFile('image', pixel, 'image/png', 'room.png');
    const { attachments } = await house.logged(
      ({ attachments: files = [] }) => files[0]?.contentUrl?.startsWith('http') === true,
    );
    const bytes = await fetch(attachments?.[0]?.contentUrl ?? '').then((response) => response.arrayBuffer());
    expect(bytes.byteLength).toBeGreaterThan(0);

    const words = await house.says({ text: 'Yes! It is £480.' });
    await house.shows(({ text }) => text === 'Yes! It is £480.');
    await expect.poll(() => house.stateOf(words), { timeout: 5_000 }).toMatch(/^(sent|read)$/);
    await house.sends(pixel, 'image/png', 'desk.png');
    await house.shows(({ file }) => file?.kind === 'image' && file.url !== undefined);
  });

  it('quick replies arrive as words that can be answered', async () => {
    await begin();
    await house.act({ do: 'text', text: 'Hello' });
    await house.says({
      text: 'Which one?',
      suggestedActions: {
        actions: [
          { type: 'imBack', title: 'Oak', value: 'oak' },
          { type: 'imBack', title: 'Ash', value: 'ash' },
        ],
      },
    });
    const { text = '' } = await house.shows(({ text: shown = '' }) => shown.startsWith('Which one?'));
    expect(text).toMatch(/Oak[\s\S]*Ash/);
    await house.act({ do: 'text', text: 'Ash' });
    await house.logged((activity) => activity.text === 'Ash');
  });

  it('"Test connection" finds nothing wrong', async () => {
    await begin();
    expect(await house.test()).not.toEqual([]);
    expect((await house.test()).filter(({ ok, what }) => !ok && !/public|https/i.test(what))).toEqual([]);
  });

  it('a token that ended is renewed; what X refused for its rate arrives later, once', async () => {
    await begin();
    await house.act({ do: 'text', text: 'Hello' });
    await house.session();
    await house.control({ expireToken: 1, rate429: 1 });
    await house.says({ text: 'Patience' });
    await house.shows(({ text }) => text === 'Patience', 15_000);
    expect(house.shown().filter(({ text }) => text === 'Patience')).toHaveLength(1);
  }, 30_000);

  it('what was sent while the answer was lost is found again or left unconfirmed, never sent twice', async () => {
    await begin();
    await house.act({ do: 'text', text: 'Hello' });
    await house.session();
    await house.control({ loseReply: { count: 1, path: '/messages' } });
    const lost = await house.says({ text: 'Once' });
    await expect.poll(() => house.stateOf(lost), { timeout: 8_000 }).toMatch(/^(unconfirmed|sent|read)$/);
    expect(house.shown().filter(({ text }) => text === 'Once')).toHaveLength(1);
  }, 30_000);
});
