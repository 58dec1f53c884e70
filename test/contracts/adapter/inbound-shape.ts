import { expect } from 'vitest';
import { activityTypes, type Conversation, type Inbound, type Person } from '../../../adapters/contract/index.ts';

/** What the server takes for granted of every inbound item, whatever was in the payload. */
export function expectInbound(item: Inbound): void {
  expect(JSON.parse(JSON.stringify(item)), 'plain JSON').toEqual(item);
  if (item.account !== undefined) expectText(item.account, 'account');
  switch (item.kind) {
    case 'activity':
    case 'echo':
      expectText(item.externalId, 'externalId');
      expectConversation(item.conversation);
      expectTime(item.at);
      expectContent(item.content);
      if (item.kind === 'activity') expectPerson(item.from);
      break;
    case 'status':
      expect(['sent', 'delivered', 'read', 'failed']).toContain(item.state);
      for (const id of item.messages ?? []) expectText(id, 'message id');
      expect(item.messages !== undefined || item.upto !== undefined, 'says which messages').toBe(true);
      if (item.upto !== undefined) expectText(item.conversation?.id, 'the conversation of a watermark');
      expectTime(item.at);
      break;
    case 'typing':
      expectText(item.conversation.id, 'conversation');
      expectPerson(item.from);
      expect(item.typing).toBeTypeOf('boolean');
      break;
    case 'rename':
      expectText(item.before.conversation, 'before.conversation');
      expectText(item.before.person, 'before.person');
      expectConversation(item.conversation);
      expectPerson(item.person);
      break;
    case 'notice':
      expect(item.code).toMatch(/^[a-z][a-z0-9-]*:[\w-]+$/);
      expect(['info', 'warning', 'error']).toContain(item.severity);
      break;
    case 'unreadable':
      expectText(item.reason, 'reason');
      expect(item.reason.length).toBeLessThan(300);
      break;
  }
}

function expectText(value: unknown, what: string): void {
  expect(value, what).toBeTypeOf('string');
  expect(value, what).not.toBe('');
}

function expectTime(value: unknown): void {
  expect(Number.isFinite(value), 'a time').toBe(true);
}

function expectConversation(conversation: Conversation): void {
  expectText(conversation.id, 'conversation');
  expect(conversation.address, 'where to write to').toBeDefined();
  if (conversation.window !== undefined) expectTime(conversation.window.until);
}

function expectPerson(person: Person): void {
  expectText(person.id, 'person');
  for (const field of ['name', 'pictureUrl', 'locale', 'phone', 'email'] as const) {
    if (person[field] !== undefined) expect(person[field], field).toBeTypeOf('string');
  }
}

function expectContent(content: Extract<Inbound, { kind: 'activity' | 'echo' }>['content']): void {
  expect(activityTypes).toContain(content.type);
  if (content.text !== undefined) expect(content.text).toBeTypeOf('string');
  if (content.target !== undefined) expectText(content.target, 'target');
  if (content.type === 'event') expect(content.name).toMatch(/^[a-z][a-z0-9-]*:[\w-]+$/);
  if (content.type === 'messageDelete' || content.type === 'messageReaction') expectText(content.target, 'target');
  for (const attachment of content.attachments ?? []) {
    expect(attachment.contentType).toMatch(/^[\w.+*-]+\/[\w.+*-]+/);
    expect(attachment.media !== undefined || attachment.content !== undefined, 'a file or a fact').toBe(true);
  }
}
