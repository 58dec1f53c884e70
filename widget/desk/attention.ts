import { text } from '../locales/desk/text.ts';

/** What calls an agent who looks elsewhere: the page's title, a sound, a notification of the system. */
export interface Attention {
  /** Something new rings. */
  ring(name: string, options: { sound: boolean; notify: boolean }): void;
  /** Keep the title in step: what rings, and how much is unread. */
  title(ringing: number, unread: number): void;
  stop(): void;
}

const blink = 1_000;

export function createAttention(page: Document): Attention {
  const plain = page.title;
  let timer: ReturnType<typeof setInterval> | undefined;
  let sound: AudioContext | undefined;

  function stopBlinking(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    ring(name, options) {
      // Before the page was touched once, browsers allow no sound.
      if (options.sound && navigator.userActivation?.hasBeenActive !== false) {
        sound ??= new AudioContext();
        chime(sound);
      }
      if (options.notify && page.hidden && 'Notification' in globalThis && Notification.permission === 'granted') {
        const shown = new Notification(text('offer.title'), { body: name, tag: 'foyer-offer' });
        shown.onclick = () => {
          globalThis.focus();
          shown.close();
        };
      }
    },
    title(ringing, unread) {
      const calm = unread > 0 ? text('tab.unread', { count: unread }) : plain;
      stopBlinking();
      page.title = ringing > 0 ? `● ${text('tab.ringing')}` : calm;
      if (ringing === 0) return;
      timer = setInterval(() => {
        page.title = page.title.startsWith('●') ? calm : `● ${text('tab.ringing')}`;
      }, blink);
    },
    stop() {
      stopBlinking();
      page.title = plain;
      void sound?.close();
      sound = undefined;
    },
  };
}

/** Two soft tones. */
function chime(context: AudioContext): void {
  if (context.state === 'suspended') void context.resume();
  [660, 880].forEach((frequency, index) => {
    const at = context.currentTime + index * 0.16;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.5);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.55);
  });
}
