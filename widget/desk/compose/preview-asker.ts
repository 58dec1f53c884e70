import type { Clock, Loss } from '../../client/desk-protocol.ts';

/** What a message will become on its channel, as the server says. */
export interface PreviewView {
  parts: { kind: 'text' | 'image' | 'audio' | 'video' | 'file' | 'card' | 'other'; text?: string }[];
  losses: Loss[];
}

export interface Question {
  session: string;
  body: object;
  /** What else the answer hangs on: asked again when it changes. */
  basis?: unknown;
}

/** Asks for previews while somebody writes: not at every key, and never shows an answer to an earlier question. */
export interface PreviewAsker {
  /** Of what is asked now, or, until that is answered, of the state just before it. */
  readonly preview: PreviewView | undefined;
  /** Whether {@link preview} is of what was asked last. */
  readonly current: boolean;
  /** What stands there now; undefined: nothing that could be sent. The same again asks nothing. */
  ask(question: Question | undefined): void;
  stop(): void;
}

/** So long nobody must have pressed a key, ms. */
const pause = 350;

/** @param changed Called when {@link PreviewAsker.preview} has changed. Errors are silent: a preview is only a help. */
export function createPreviewAsker(
  request: (session: string, body: object) => Promise<PreviewView>,
  clock: Clock,
  changed: () => void,
): PreviewAsker {
  let asked = '';
  let session: string | undefined;
  let preview: PreviewView | undefined;
  let current = false;
  let cancel: (() => void) | undefined;

  return {
    get preview() {
      return preview;
    },
    get current() {
      return current;
    },
    ask(question) {
      const key = question === undefined ? '' : JSON.stringify(question);
      if (key === asked) return;
      asked = key;
      cancel?.();
      current = false;
      if (question === undefined || question.session !== session) preview = undefined;
      session = question?.session;
      if (question === undefined) return;
      cancel = clock.after(pause, () => {
        void request(question.session, question.body)
          .catch(() => undefined)
          .then((answer) => {
            if (asked !== key) return;
            preview = answer;
            current = answer !== undefined;
            changed();
          });
      });
    },
    stop() {
      cancel?.();
      asked = '';
      preview = undefined;
      current = false;
    },
  };
}
