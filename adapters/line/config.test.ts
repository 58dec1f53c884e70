import { describe, expect, it } from 'vitest';
import { settings } from './config.ts';
import { line } from './index.ts';

const channelSecret = '8c570fa6dd201bb328f1c1eac23a96d8';

describe('settings of a LINE channel', () => {
  it('need the secret, and a token or what one is made from', () => {
    expect(settings.parse({ channelSecret, channelId: '1656565656' }).groups).toBe('ignored');
    expect(settings.safeParse({ channelSecret, channelAccessToken: 't' }).success).toBe(true);
    expect(settings.safeParse({ channelSecret }).error?.issues[0]?.path).toEqual(['channelAccessToken']);
    expect(settings.safeParse({ channelSecret: ' ', channelId: '1' }).error?.issues[0]?.path).toEqual([
      'channelSecret',
    ]);
  });

  it('decide whether videos go as videos', () => {
    const with_ = settings.parse({ channelSecret, channelId: '1', videoPreviewUrl: 'https://shop.example/v.png' });
    expect(line.capabilities(with_).files?.video).toMatchObject({ types: ['video/mp4'], by: 'link' });
    expect(line.capabilities(settings.parse({ channelSecret, channelId: '1' })).files?.video).toBeUndefined();
    expect(
      settings.safeParse({ channelSecret, channelId: '1', videoPreviewUrl: 'http://a.example/v.png' }).success,
    ).toBe(false);
  });
});
