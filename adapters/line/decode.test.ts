import { describe, expect, it } from 'vitest';
import { decode } from './decode.ts';
import { events } from './fixtures/events.ts';

const of = (title: string) => events.find((one) => one.title === title)?.event as Record<string, unknown>;
const text = of('a text with emoji, a mention and a quote');

// What each kind of event becomes is shown by fixtures/events.ts and checked by the contract suite.
describe('a delivery of LINE', () => {
  it('in standby mode says nothing: another tool answers there', () => {
    expect(decode({ events: [{ ...text, mode: 'standby' }] }, { groups: 'answered' })).toEqual([]);
    expect(decode({ events: [{ ...text, mode: undefined }] }, { groups: 'answered' })).toHaveLength(1);
  });

  it('leaves out groups and rooms where the setting says so', () => {
    const batch = ['a message in a group', 'a message in a room by somebody who is not named', 'members who came'].map(
      of,
    );
    expect(decode({ events: batch }, { groups: 'ignored' })).toEqual([]);
    expect(decode({ events: batch }, { groups: 'answered' }).map(({ kind }) => kind)).toEqual(
      Array(3).fill('activity'),
    );
    expect(decode({ events: [text] }, { groups: 'ignored' })).toHaveLength(1);
  });

  it('that is delivered again has the same ids', () => {
    const again = { ...text, deliveryContext: { isRedelivery: true } };
    const follow = of('a friend added');
    const followAgain = { ...follow, deliveryContext: { isRedelivery: true } };
    expect(decode({ events: [again, followAgain] }, { groups: 'ignored' })).toEqual(
      decode({ events: [text, follow] }, { groups: 'ignored' }),
    );
  });

  it('keeps every digit of ids sent as numbers, and tells items it cannot read', () => {
    const message = (id: unknown) => ({ ...text, message: { id, type: 'text', text: 'Hi' } });
    const found = decode(
      { events: [message('9007199254740993'), message(2 ** 60), message(17)] },
      { groups: 'ignored' },
    );
    expect(found.map((item) => (item.kind === 'activity' ? item.externalId : item))).toEqual([
      '9007199254740993',
      { kind: 'unreadable', reason: 'item 2 has no readable message.id' },
      '17',
    ]);
  });

  it('without events is refused', () => {
    expect(() => decode({ destination: 'U0' }, { groups: 'ignored' })).toThrow(/"events"/);
  });

  it('tells who looks after the channel when the account is suspended, handed over or back', () => {
    const notices = ['botSuspended', 'botResumed', 'deactivated', 'activated', 'module'].map((type) => ({ type }));
    const found = decode({ events: notices }, { groups: 'ignored' });
    expect(found.map((item) => item.kind === 'notice' && [item.code, item.severity])).toEqual([
      ['line:bot-suspended', 'error'],
      ['line:bot-resumed', 'info'],
      ['line:module-deactivated', 'warning'],
      ['line:module-activated', 'info'],
      ['line:module-changed', 'info'],
    ]);
  });

  it('of an event called as a built-in property is an unknown event', () => {
    const found = decode({ events: [{ ...text, type: 'constructor' }] }, { groups: 'ignored' });
    expect(found).toMatchObject([
      { kind: 'activity', content: { name: 'line:unknown', value: { type: 'constructor' } } },
    ]);
  });
});
