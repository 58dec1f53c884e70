import type { Capabilities, ChannelView, Loss, SessionView } from '../../client/desk-protocol.ts';
import type { Upload } from '../../client/uploads.ts';
import { fileSize } from '../../components/format.ts';
import type { TrayItem } from '../../components/uploads/uploads.ts';
import { text } from '../../locales/desk/text.ts';
import { bodyOf, written } from '../compose/body.ts';
import { fileFit } from '../compose/file-fit.ts';
import { lossWords } from '../compose/loss-words.ts';
import type { PreviewAsker, PreviewView } from '../compose/preview-asker.ts';
import { type Reach, reachOf } from '../compose/reach.ts';
import { type TextSize, textSize } from '../compose/text-size.ts';
import type { DeskState } from '../desk-store.ts';
import { type Draft, repliesOf } from '../drafts.ts';
import { customerName } from '../people.ts';

/** The message in the making, as its channel sees it. */
export interface Making {
  /** The channel's name for people. */
  platform: string;
  capabilities: Capabilities | undefined;
  reach: Reach;
  /** Files can be attached. */
  attaches: boolean;
  /** Answers to tap can be offered. */
  offersReplies: boolean;
  /** Files stand ready: it may go without words. */
  ready: boolean;
  /** It may not go: files are on their way, or the channel would refuse it. */
  held: boolean;
  size: TextSize | undefined;
  /** Without those that stand at a file of the tray. */
  losses: readonly Loss[];
  preview: PreviewView | undefined;
  tray: readonly TrayItem[];
  /** What it quotes, in words. */
  quoted: string | undefined;
  /** What a preview is asked of; undefined: nothing. */
  question: object | undefined;
}

export interface MakingSource {
  session: SessionView;
  state: DeskState;
  draft: Draft;
  note: boolean;
  files: readonly Upload[];
  asked: Pick<PreviewAsker, 'preview' | 'current'> | undefined;
  /** What the channel said to the message that stands in the draft again. */
  refusal: readonly Loss[] | undefined;
  locale: string;
  /** Server time, ms. */
  now: number;
}

export function makingOf(source: MakingSource): Making {
  const { session, state, draft, note, files, asked, locale, now } = source;
  const channel = state.channels.get(session.channel.id);
  const capabilities = channel?.capabilities;
  const sends = channel?.sends === true;
  const ready = note ? [] : files.filter((file) => file.state === 'ready');
  const going = files.some(({ state: at }) => at === 'uploading' || at === 'waiting');
  const said = draft.text.trim() !== '' || ready.length > 0;
  const preview = note || !said ? undefined : asked?.preview;
  const known = preview?.losses ?? (draft.text === '' ? [] : (source.refusal ?? []));
  const size = note || capabilities === undefined || !sends ? undefined : textSize(draft.text, capabilities);
  const atFiles = (loss: Loss) => files.some(({ name }) => name === loss.values?.name);
  const blocked = preview !== undefined && asked?.current === true && isBlocked(preview);
  return {
    platform: session.channel.name,
    capabilities,
    reach: told(reachOf(channel, session.reach, session.channel.type, now), channel, blocked ? known : []),
    attaches: capabilities === undefined || capabilities.attachments.max > 0,
    offersReplies: sends,
    ready: ready.length > 0,
    held: !note && (going || blocked || size?.refused === true),
    size,
    losses: note ? [] : known.filter((loss) => !atFiles(loss)),
    preview,
    tray: note ? [] : files.map((file) => trayItem(file, sends ? capabilities : undefined, preview, locale)),
    quoted: note ? undefined : quotedIn(source),
    question: note || !sends || !said ? undefined : questionOf(draft, ready),
  };
}

/** A window nobody told us of: that it is closed is known once a message would be refused. */
function told(reach: Reach, channel: ChannelView | undefined, losses: readonly Loss[]): Reach {
  if (reach.kind !== 'free' || !losses.some(({ code }) => code === 'window-closed')) return reach;
  return { kind: 'shut', spent: false, templates: channel?.capabilities.window?.afterwards === 'template' };
}

function isBlocked({ parts, losses }: PreviewView): boolean {
  return parts.length === 0 || losses.some(({ blocks }) => blocks === true);
}

function questionOf(draft: Draft, ready: readonly Upload[]): object {
  const actions = repliesOf(draft).map((title) => ({ type: 'imBack' as const, title, value: title }));
  const attachments = ready.map(({ mediaId, name, contentType }) => ({
    contentUrl: `media:${mediaId}`,
    name,
    contentType,
  }));
  return bodyOf(
    written({ text: draft.text.trim(), attachments, actions, ...(draft.replyTo && { replyTo: draft.replyTo }) }),
  );
}

/** A file of the tray with what becomes of it: as the preview says, else as the channel's limits let expect. */
function trayItem(
  file: Upload,
  capabilities: Capabilities | undefined,
  preview: PreviewView | undefined,
  locale: string,
): TrayItem {
  const { state, name } = file;
  if (capabilities === undefined || state === 'refused' || state === 'failed') return file;
  const losses = state === 'ready' ? preview?.losses : undefined;
  const own = losses?.filter(({ values }) => values?.name === name);
  if (own !== undefined) return { ...file, note: own.map((loss) => lossWords(loss, locale)).join('; ') };
  return { ...file, note: expected(file, capabilities, locale) };
}

function expected(file: Upload, capabilities: Capabilities, locale: string): string | undefined {
  const fit = fileFit(file, capabilities);
  if (fit.kind === 'fits') return undefined;
  if (fit.kind === 'as-file') return text('file.asFile');
  return fit.max === undefined ? text('file.asLink') : text('file.asLinkLarge', { max: fileSize(fit.max, locale) });
}

function quotedIn({ session, state, draft }: MakingSource): string | undefined {
  if (draft.replyTo === undefined) return undefined;
  const activity = state.logs.get(session.id)?.activities.find(({ id }) => id === draft.replyTo);
  if (activity === undefined) return undefined;
  const name =
    activity.from.role === 'user' ? customerName(session.customer) : (activity.from.name ?? text('quote.you'));
  const words = activity.text || (activity.attachments?.[0]?.name ?? '');
  return `${text('quote.to', { name })}${words === '' ? '' : `: ${words}`}`;
}
