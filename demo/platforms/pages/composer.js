import { attachMenu, h, iconButton } from './dom.js';
import { t } from './labels.js';
import { drawnSticker, recordVoice, sampleFile, samplePhoto, sampleVideo } from './samples.js';

/** What a phone writes with: text, files, voice, and what else its app has. */
export function composer(view) {
  const field = h('textarea', { rows: 1, 'aria-label': t('message'), placeholder: t('message'), maxlength: 20000 });
  const context = h('div', { class: 'context', hidden: true });
  const send = iconButton('send', t('send'), undefined, { type: 'submit' });
  const more = iconButton('plus', t('more'));
  const mic = view.features.files.includes('voice') ? iconButton('mic', t('voice'), () => void voice()) : undefined;
  let about;
  let lastTyping = 0;

  const form = h(
    'form',
    { class: 'composer', onsubmit: submit },
    context,
    h('div', { class: 'row' }, h('div', { class: 'anchor' }, more), field, mic, send),
  );

  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') clear();
    // A key that only ends a word of an input method sends nothing.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  field.addEventListener('input', () => {
    field.style.setProperty('height', 'auto');
    field.style.setProperty('height', `${Math.min(field.scrollHeight, 110)}px`);
    if (!view.features.typing || Date.now() - lastTyping < 3_000) return;
    lastTyping = Date.now();
    void view.act({ do: 'typing', typing: true });
  });
  attachMenu(more, entries);

  async function submit(event) {
    event.preventDefault();
    const text = field.value.trim();
    if (text === '') return;
    const target = about;
    const action =
      target?.what === 'edit'
        ? { do: 'edit', message: target.message.id, text }
        : { do: 'text', text, ...(target === undefined ? {} : { quotes: target.message.id }) };
    if (!(await view.act(action))) return;
    field.value = '';
    field.style.setProperty('height', 'auto');
    clear();
  }

  function begin(what, message, words) {
    about = { what, message };
    context.replaceChildren(h('span', {}, words), iconButton('close', t('stop'), clear));
    context.hidden = false;
    field.focus();
  }

  function clear() {
    about = undefined;
    context.hidden = true;
    context.replaceChildren();
  }

  async function give(as, file) {
    const quotes = about?.what === 'reply' ? about.message.id : undefined;
    const caption = view.features.captions && as !== 'voice' && as !== 'sticker' ? field.value.trim() : '';
    if (!(await view.sendFile(as, file, { quotes, caption }))) return;
    if (caption !== '') field.value = '';
    clear();
  }

  function pick(as, accept) {
    const input = h('input', { type: 'file', accept, hidden: true });
    input.addEventListener('change', () => {
      const [chosen] = input.files;
      if (chosen) void give(as, { blob: chosen, name: chosen.name });
      input.remove();
    });
    form.append(input);
    input.click();
  }

  /** First press begins, second sends. */
  async function voice() {
    if (mic.recording !== undefined) {
      const { recording } = mic;
      mic.recording = undefined;
      clearInterval(mic.ticking);
      mic.classList.remove('on');
      mic.setAttribute('aria-label', t('voice'));
      context.hidden = true;
      return give('voice', await recording.finish());
    }
    mic.recording = await recordVoice();
    mic.classList.add('on');
    mic.setAttribute('aria-label', t('stopVoice'));
    mic.title = t('stopVoice');
    let seconds = 0;
    const tell = () => context.replaceChildren(h('span', { role: 'status' }, t('recording', { seconds: seconds++ })));
    context.hidden = false;
    tell();
    mic.ticking = setInterval(tell, 1_000);
  }

  function entries() {
    const { features, person } = view;
    const entry = (label, onclick) => h('button', { type: 'button', onclick }, label);
    const can = (kind) => features.files.includes(kind);
    const switchFollow = { follow: ['unfollow', 'follow'], block: ['block', 'unblock'], 'opt-in': ['optOut', 'optIn'] }[
      features.follow
    ];
    const follows = person()?.follows ?? true;
    return [
      can('image') && entry(t('photo'), () => pick('image', 'image/*')),
      can('image') && entry(t('samplePhoto'), async () => give('image', await samplePhoto())),
      can('video') && entry(t('video'), () => pick('video', 'video/*')),
      can('video') && entry(t('sampleVideo'), async () => give('video', await sampleVideo())),
      can('file') && entry(t('file'), () => pick('file', '')),
      can('file') && entry(t('sampleFile'), () => give('file', sampleFile())),
      can('sticker') && entry(`${t('sticker')} 🎉`, async () => give('sticker', await drawnSticker('🎉'))),
      ...features.stickers.map((sticker, index) =>
        entry(`${t('sticker')} ${index + 1}`, () => view.act({ do: 'sticker', sticker })),
      ),
      features.location &&
        entry(t('location'), () =>
          view.act({ do: 'location', ...view.place, name: t('placeName'), address: t('placeAddress') }),
        ),
      features.contact &&
        entry(t('contact'), () => view.act({ do: 'contact', name: 'Kim Sample', phone: '+15550100199' })),
      ...(features.menu ?? []).map(({ id, title }) => entry(title, () => view.act({ do: 'menu', item: id }))),
      switchFollow && entry(t(switchFollow[follows ? 0 : 1]), () => view.act({ do: follows ? 'unfollow' : 'follow' })),
    ];
  }

  return {
    element: form,
    reply: (message, words) => begin('reply', message, t('replying', { text: words })),
    edit(message) {
      begin('edit', message, t('editing'));
      field.value = message.text ?? '';
    },
  };
}
