import { describe, expect, it } from 'vitest';
import { factTypes } from '../contract/index.ts';
import {
  cardText,
  contactText,
  factText,
  fileAsLink,
  isOfType,
  kindOfFile,
  linkText,
  listOfActions,
  locationText,
  lossesOf,
  pictureOf,
  plainText,
} from './degrade.ts';

const mediaId = `med_${'0'.repeat(32)}`;

describe('what is left of what a platform cannot carry', () => {
  it('is the words of marked text, with a loss only when there were marks', () => {
    expect(plainText({ text: '**Hi**', textFormat: 'markdown' })).toEqual({
      text: 'Hi',
      losses: [{ code: 'formatting-dropped' }],
    });
    expect(plainText({ text: 'Hi', textFormat: 'markdown' })).toEqual({ text: 'Hi', losses: [] });
    expect(plainText({ text: '**Hi**', textFormat: 'plain' })).toEqual({ text: '**Hi**', losses: [] });
    expect(plainText({})).toEqual({ text: '', losses: [] });
  });

  it('is a numbered list of quick replies, with addresses where there are some', () => {
    const list = listOfActions(
      [
        { type: 'imBack', title: 'Yes', value: 'yes' },
        { type: 'openUrl', title: 'Terms', value: 'https://shop.example/terms' },
        { type: 'call', title: '+49301234', value: '+49301234' },
      ],
      'quick replies',
    );
    expect(list.text).toBe('1. Yes\n2. Terms: https://shop.example/terms\n3. +49301234');
    expect(list.losses).toEqual([{ code: 'buttons-as-list', values: { what: 'quick replies' } }]);
    expect(listOfActions([], 'buttons')).toEqual({ text: '', losses: [] });
  });

  it('is the words of a card, whose picture is named apart', () => {
    const card = {
      title: 'Chair',
      text: 'Oak',
      images: [{ url: `media:${mediaId}` }],
      buttons: [{ type: 'postBack' as const, title: 'Buy', value: 'buy:1' }],
    };
    expect(cardText(card)).toEqual({ text: 'Chair\nOak\n1. Buy', losses: [{ code: 'card-as-text' }] });
    expect(pictureOf(card)).toBe(mediaId);
    expect(pictureOf({ title: 'x' })).toBeUndefined();
  });

  it('is a map of a place, by the datum of its degrees', () => {
    expect(locationText({ latitude: 35.65, longitude: 139.7, name: 'Shop', address: 'Tokyo' })).toEqual({
      text: 'Shop\nTokyo\nhttps://www.openstreetmap.org/?mlat=35.65&mlon=139.7#map=17/35.65/139.7',
      losses: [{ code: 'location-as-link' }],
    });
    expect(locationText({ latitude: 31.2, longitude: 121.4, datum: 'gcj02' }).text).toBe(
      'https://uri.amap.com/marker?position=121.4,31.2',
    );
  });

  it('is the lines of a contact and of a link', () => {
    expect(contactText({ name: 'Ada', phones: ['+44 1'], emails: ['a@b.example'], organization: 'Engines' })).toEqual({
      text: 'Ada\nEngines\n+44 1\na@b.example',
      losses: [{ code: 'contact-as-text' }],
    });
    expect(linkText({ url: 'https://a.example', title: 'A', description: 'All' })).toEqual({
      text: 'A\nAll\nhttps://a.example',
      losses: [],
    });
  });

  it("is a file's name and address; without a public address the message is blocked", () => {
    const attachment = { contentType: 'application/pdf', contentUrl: `media:${mediaId}`, name: 'bill.pdf' };
    expect(fileAsLink(attachment, (id) => `https://foyer.example/m/${id}`)).toEqual({
      text: `bill.pdf\nhttps://foyer.example/m/${mediaId}`,
      losses: [{ code: 'file-as-link', values: { name: 'bill.pdf' } }],
    });
    expect(fileAsLink(attachment, () => undefined).losses).toEqual([{ code: 'no-public-address', blocks: true }]);
  });

  it('is found by the type of the fact, and files are none', () => {
    expect(factText({ contentType: factTypes.link, content: { url: 'https://a.example' } })?.text).toBe(
      'https://a.example',
    );
    expect(
      factText({ contentType: factTypes.template, content: { name: 'a', values: {}, text: 'Hi Ada' } })?.text,
    ).toBe('Hi Ada');
    expect(factText({ contentType: factTypes.template, content: { name: 'a', values: {} } })?.losses).toEqual([
      { code: 'template-invalid', blocks: true },
    ]);
    expect(factText({ contentType: 'image/png' })).toBeUndefined();
  });

  it('knows kinds of files and families of types', () => {
    expect(kindOfFile({ contentType: 'image/png', content: { sticker: true } })).toBe('sticker');
    expect(kindOfFile({ contentType: 'audio/mp4', content: { voice: true } })).toBe('voice');
    expect(
      ['image/png', 'audio/mpeg', 'video/mp4', 'text/plain'].map((contentType) => kindOfFile({ contentType })),
    ).toEqual(['image', 'audio', 'video', 'file']);
    expect(isOfType('image/PNG; x=1', ['image/*'])).toBe(true);
    expect(isOfType('imagepng', ['image/*'])).toBe(false);
    expect(isOfType('application/pdf', ['*'])).toBe(true);
    expect(isOfType('image/gif', ['image/png', 'image/jpeg'])).toBe(false);
  });

  it('tells the same loss once, a blocking one first', () => {
    expect(
      lossesOf([
        { code: 'text-split', values: { parts: 2 } },
        { code: 'card-as-text' },
        { code: 'card-as-text', blocks: true },
      ]),
    ).toEqual([
      { code: 'card-as-text', blocks: true },
      { code: 'text-split', values: { parts: 2 } },
    ]);
  });
});
