import { ChannelError, type LiveFact, type LiveFrame, type Resumption, type VisitorGrant } from '../contract/index.ts';
import type { WebSettings } from './config.ts';
import {
  type FactName,
  type Facts,
  type Hello,
  protocolVersion,
  type Refusal,
  type WidgetSettings,
} from './protocol.ts';

function frame<Name extends FactName>(event: Name, payload: Facts[Name]): LiveFrame {
  return { event, payload };
}

/** A fact as the widget reads it. Pure. */
export function encodeFact(fact: LiveFact): LiveFrame | undefined {
  switch (fact.kind) {
    case 'activity':
      // Notes never leave the house, whoever asks for them to be sent.
      return fact.sequenced.activity.audience === 'all' ? frame('activity:added', fact.sequenced) : undefined;
    case 'receipt':
      return frame('receipt:advanced', fact.receipt);
    case 'typing':
      return frame('typing:changed', { session: fact.sessionId, from: fact.from, typing: fact.typing });
    case 'session':
      return frame('session:changed', fact.session);
    case 'media':
      return frame('media:changed', { session: fact.sessionId, media: fact.address });
    case 'ended':
      return frame('ended', { reason: fact.reason });
  }
}

export function encodeVisitor(grant: VisitorGrant): Hello['visitor'] {
  const visitor: Hello['visitor'] = { id: grant.visitor.id, token: grant.token, fresh: grant.fresh };
  if (grant.visitor.subject !== undefined) visitor.subject = grant.visitor.subject;
  return visitor;
}

export function encodeSettings(name: string, settings: WebSettings): WidgetSettings {
  const shown: WidgetSettings = {
    name,
    maxUploadBytes: settings.maxUploadBytes,
    uploadTypes: settings.uploadTypes,
  };
  if (settings.greeting !== undefined) shown.greeting = settings.greeting;
  if (settings.accent !== undefined) shown.accent = settings.accent;
  return shown;
}

export function encodeHello(grant: VisitorGrant, resumption: Resumption, settings: WidgetSettings): LiveFrame {
  return frame('hello', {
    version: protocolVersion,
    visitor: encodeVisitor(grant),
    sessions: resumption.sessions,
    pages: resumption.pages,
    settings,
  });
}

/** Errors of the host carry the same three facts as ours; nothing else of an error is ever told. */
interface Told {
  code: string;
  retryable: boolean;
  retryAfter?: number | undefined;
}

function isTold(error: Error): error is Error & Told {
  return (
    'code' in error && typeof error.code === 'string' && 'retryable' in error && typeof error.retryable === 'boolean'
  );
}

/** A refusal on the wire: code, words for a person, whether sending again can help. Never a stack. */
export function encodeRefusal(error: Error): Refusal {
  if (!(error instanceof ChannelError) && !isTold(error)) {
    return { ok: false, error: { code: 'INTERNAL', message: 'Something went wrong here.', retryable: false } };
  }
  const refusal: Refusal = {
    ok: false,
    error: { code: error.code, message: error.message, retryable: error.retryable },
  };
  if (error.retryAfter !== undefined) refusal.error.retryAfter = error.retryAfter;
  return refusal;
}
