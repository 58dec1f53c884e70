import { expect, it } from 'vitest';
import { hmac } from '../kit/signature.ts';
import { authorization, signatureBase } from './oauth1.ts';

const credentials = {
  consumerKey: 'xvz1evFS4wEEPTGEFPHBog',
  consumerSecret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
  token: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb',
  tokenSecret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
};

it.each([
  // The three addresses X published this example with over the years, and the signature of each.
  ['https://api.twitter.com/1/statuses/update.json', 'tnnArxj06cWHq44gCs1OSKk%2FjLY%3D'],
  ['https://api.twitter.com/1.1/statuses/update.json', 'hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D'],
  ['https://api.x.com/1.1/statuses/update.json', 'Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D'],
])('signs the example X published for %s', (url, signature) => {
  const header = authorization(
    {
      method: 'POST',
      url: `${url}?include_entities=true`,
      form: { status: 'Hello Ladies + Gentlemen, a signed OAuth request!' },
    },
    credentials,
    'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg',
    1318622958_000,
  );
  expect(header).toBe(
    `OAuth oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog", oauth_nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", oauth_signature="${signature}", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1318622958", oauth_token="370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", oauth_version="1.0"`,
  );
});

it('makes the base string of RFC 5849, section 3.4.1.1: repeated names, blank values, odd characters', () => {
  const base = signatureBase(
    { method: 'post', url: 'http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b', form: { c2: '', a3: '2 q' } },
    {
      oauth_consumer_key: '9djdj82h48djs9d2',
      oauth_token: 'kkk9d7dh3k39sjv7',
      oauth_signature_method: 'HMAC-SHA1',
      oauth_timestamp: '137131201',
      oauth_nonce: '7d8f3e4a',
    },
  );
  expect(base).toBe(
    'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
  );
});

it('signs the photo request of RFC 5849, section 1.2', () => {
  const base = signatureBase(
    { method: 'GET', url: 'http://photos.example.net/photos?file=vacation.jpg&size=original' },
    {
      oauth_consumer_key: 'dpf43f3p2l4k3l03',
      oauth_token: 'nnch734d00sl2jdk',
      oauth_signature_method: 'HMAC-SHA1',
      oauth_timestamp: '137131202',
      oauth_nonce: 'chapoH',
    },
  );
  expect(hmac('sha1', 'kd94hf93k423kf44&pfkkdhi9sl3r4s00', base, 'base64')).toBe('MdpQcU8iPSUjWoN/UDMsK2sui9I=');
});
