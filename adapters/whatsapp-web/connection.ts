import type { AdapterHost, ChannelReport } from '../contract/index.ts';
import { asNumber, asString } from '../kit/inbound.ts';
import { type findBrowser, installHint } from './browser.ts';
import type { WhatsappWebSettings } from './config.ts';
import { listenToMessages } from './events.ts';
import { Intake } from './intake.ts';
import { contain, LibraryMissing, reasonOf } from './library.ts';
import type { Library, WebClient } from './platform.ts';
import { clearStaleLocks, profileFolder, touchEvery, touchOwner } from './profile.ts';
import { idOf } from './snapshot.ts';
import { within } from './within.ts';

/** Ms. */
const times = {
  /** Before the first new attempt; doubled each time. */
  firstRetry: 5_000,
  lastRetry: 300_000,
  /** Connected this long, it counts as having worked: attempts are counted anew. */
  worked: 60_000,
  /** Nothing of what must come next: built anew. Logged in and never ready is whatsapp-web.js #3785. */
  stuck: 180_000,
  /** Nothing heard for this long: asked whether it is still there (#690). */
  silence: 300_000,
  probe: 15_000,
  /** To close the browser in good order. */
  close: 10_000,
} as const;

export interface ConnectionOptions {
  load: () => Promise<Library>;
  find: typeof findBrowser;
  /** Whether the server runs as root, where Chromium refuses its sandbox. */
  isRoot: boolean;
}

/**
 * One linked WhatsApp Web: starts the browser, shows the QR code, says how it is, begins anew when it breaks. Whatever
 * the library does, a failure is told and never thrown into the process.
 */
export class Connection {
  readonly #host: AdapterHost<WhatsappWebSettings>;
  readonly #options: ConnectionOptions;
  #library: Library | undefined;
  #client: WebClient | undefined;
  #running = false;
  #ready = false;
  #readyAt = 0;
  #heardAt = 0;
  #attempts = 0;
  #lastReport: ChannelReport | undefined;
  #retry: (() => void) | undefined;
  #watch: (() => void) | undefined;
  #tick: (() => void) | undefined;
  #building: Promise<void> = Promise.resolve();

  /** Where what was heard is stored, and what was sent is known. */
  readonly intake: Intake;

  constructor(host: AdapterHost<WhatsappWebSettings>, options: ConnectionOptions) {
    this.#host = host;
    this.#options = options;
    this.intake = new Intake(host);
  }

  /** The client, while messages can be sent by it. */
  get ready(): { client: WebClient; library: Library } | undefined {
    if (!this.#ready || this.#client === undefined || this.#library === undefined) return undefined;
    return { client: this.#client, library: this.#library };
  }

  get lastReport(): ChannelReport | undefined {
    return this.#lastReport;
  }

  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.#report({ state: 'starting', detail: 'The browser is being started.' });
    this.#schedule(0);
    this.#beat();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#cancelRetry();
    for (const cancel of [this.#watch, this.#tick]) cancel?.();
    // Closing the browser ends whatever still waits for it.
    await this.#close();
    await this.#building;
    await this.#close();
    await this.intake.idle();
    this.#report({ state: 'disconnected', detail: 'The channel is switched off.' });
  }

  #report(report: ChannelReport): void {
    if (JSON.stringify(report) === JSON.stringify(this.#lastReport)) return;
    this.#lastReport = report;
    this.#host.report(report);
  }

  #schedule(ms: number): void {
    this.#retry = this.#host.clock.after(ms, () => {
      this.#retry = undefined;
      // Closing the browser first ends an attempt that hangs in it.
      this.#building = Promise.all([this.#close(), this.#building]).then(() => this.#build());
    });
  }

  /** A new client with a new browser. Never rejects. */
  async #build(): Promise<void> {
    if (!this.#running) return;
    try {
      await this.#launch();
    } catch (error) {
      if (error instanceof LibraryMissing) this.#report({ state: 'failed', detail: error.message });
      else this.#broke(`WhatsApp Web could not be started: ${reasonOf(error)}.`);
    }
  }

  async #launch(): Promise<void> {
    const { settings, id } = this.#host.channel;
    const { load, find, isRoot } = this.#options;
    this.#library ??= await load();
    const executablePath = await find(settings.executablePath);
    if (executablePath === undefined) {
      const { executablePath: set } = settings;
      const what = set === undefined ? 'No Chromium was found' : `${set} cannot be run`;
      this.#report({ state: 'failed', detail: `${what}. ${installHint}` });
      this.#retryLater();
      return;
    }
    const folder = await this.#host.folder();
    const clientId = id.replace(/[^-\w]/g, '_');
    const inTheWay = await clearStaleLocks(profileFolder(folder, clientId), folder, this.#host.clock.now());
    if (inTheWay !== undefined) {
      this.#broke(inTheWay);
      return;
    }
    await touchOwner(folder, this.#host.clock.now());
    // Switched off in the meantime: nobody would close what is begun now.
    if (!this.#running) return;
    const client = this.#clientIn(this.#library, { executablePath, folder, clientId, isRoot });
    this.#expect('WhatsApp Web did not start.');
    try {
      await client.initialize();
    } catch (error) {
      // One that was closed meanwhile has failed for that reason.
      if (this.#client === client) throw error;
      return;
    }
    client.pupBrowser?.on?.('disconnected', () => {
      if (this.#client === client) this.#broke('The browser ended.');
    });
  }

  #clientIn(
    { Client, LocalAuth }: Library,
    place: { executablePath: string; folder: string; clientId: string; isRoot: boolean },
  ): WebClient {
    const { executablePath, folder, clientId, isRoot } = place;
    const authStrategy = new LocalAuth({ clientId, dataPath: folder });
    const isBare = this.#host.channel.settings.noSandbox || isRoot;
    const args = ['--disable-dev-shm-usage', ...(isBare ? ['--no-sandbox'] : [])];
    const client = new Client({
      authStrategy,
      puppeteer: { executablePath, headless: true, args },
      // What WhatsApp serves, and no copies of it in the working folder.
      webVersionCache: { type: 'none' },
      authTimeoutMs: 60_000,
    });
    this.#client = client;
    this.#heardAt = this.#host.clock.now();
    contain(client, authStrategy, (error) => {
      if (this.#client === client) this.#broke(`WhatsApp Web failed: ${reasonOf(error)}.`);
    });
    this.#listen(client);
    return client;
  }

  /** It does not work any more: tell, and begin anew later. */
  #broke(detail: string): void {
    if (this.#readyAt > 0 && this.#host.clock.now() - this.#readyAt >= times.worked) this.#attempts = 0;
    this.#ready = false;
    this.#readyAt = 0;
    if (!this.#running) return;
    this.#report({ state: 'disconnected', detail: `${detail} It is tried again by itself.` });
    this.#host.log.warn({ detail }, 'WhatsApp Web does not work; it is started again');
    this.#retryLater();
  }

  #retryLater(): void {
    this.#watch?.();
    // One trouble is often told twice.
    if (this.#retry !== undefined) return;
    this.#schedule(Math.min(times.firstRetry * 2 ** this.#attempts, times.lastRetry));
    this.#attempts += 1;
  }

  #cancelRetry(): void {
    this.#retry?.();
    this.#retry = undefined;
  }

  /** Something must have come by then, else it is built anew. */
  #expect(detail: string): void {
    this.#watch?.();
    this.#watch = this.#host.clock.after(times.stuck, () => this.#broke(detail));
  }

  #listen(client: WebClient): void {
    const on = (event: string, hear: (...values: unknown[]) => void) => {
      client.on(event, (...values) => {
        // Events of a client that was replaced are nobody's, and nothing is thrown into the library.
        if (this.#client !== client || !this.#running) return;
        this.#heardAt = this.#host.clock.now();
        try {
          hear(...values);
        } catch (error) {
          this.#host.log.error({ event, reason: reasonOf(error) }, 'an event of WhatsApp Web could not be taken');
        }
      });
    };
    on('qr', (qr) => this.#asksForScan(asString(qr)));
    on('loading_screen', (percent) => {
      if (this.#ready) return;
      this.#report({ state: 'starting', detail: `Conversations are being loaded (${asNumber(percent) ?? 0} %).` });
    });
    on('authenticated', () => {
      // Comes again at every synchronisation.
      if (this.#ready) return;
      this.#cancelRetry();
      this.#report({ state: 'starting', detail: 'Logged in; conversations are being loaded.' });
      this.#expect('WhatsApp Web logged in but did not become ready.');
    });
    on('ready', () => this.#isReady(client));
    on('auth_failure', () => this.#broke('WhatsApp refused the saved session.'));
    on('change_state', (state) => this.#changed(client, asString(state) ?? 'unknown'));
    on('disconnected', (reason) => this.#disconnected(asString(reason) ?? 'no reason given'));
    listenToMessages(on, (event, fields) => {
      const me = idOf(client.info?.wid);
      this.intake.take({ event, at: this.#host.clock.now(), ...(me === undefined ? {} : { me }), ...fields });
    });
  }

  #asksForScan(qr: string | undefined): void {
    this.#ready = false;
    // It works again, whatever failed before.
    this.#cancelRetry();
    const detail = 'Scan the code on the phone: WhatsApp, Settings, Linked devices, Link a device.';
    this.#report({ state: 'waiting-for-login', detail, ...(qr === undefined ? {} : { qr }) });
    // Codes are replaced before they end; one that is not would be shown though nobody can use it.
    this.#expect('The code to scan has ended.');
  }

  #isReady(client: WebClient): void {
    this.#watch?.();
    this.#cancelRetry();
    if (this.#readyAt === 0) this.#readyAt = this.#host.clock.now();
    this.#ready = true;
    const name = asString(client.info?.pushname);
    this.#report({ state: 'connected', ...(name === undefined ? {} : { detail: `Linked as ${name}.` }) });
  }

  /** OPENING and TIMEOUT come and go while the network does; nothing can be sent meanwhile. */
  #changed(client: WebClient, state: string): void {
    if (state === 'CONNECTED') {
      // Before the first `ready` it only means that the pairing goes on.
      if (this.#lastReport?.state === 'disconnected' && this.#readyAt > 0) this.#isReady(client);
      return;
    }
    if (!this.#ready) return;
    this.#ready = false;
    this.#report({ state: 'disconnected', detail: `WhatsApp Web has lost its connection (${state}).` });
    this.#expect('WhatsApp Web did not get its connection back.');
  }

  #disconnected(reason: string): void {
    if (reason === 'LOGOUT') {
      this.#ready = false;
      // The library wipes the session and shows a new code by itself; building anew now would race with that.
      const detail = 'Logged out on the phone. A new code to scan is on its way.';
      this.#report({ state: 'waiting-for-login', detail });
      this.#expect('Logged out on the phone, and no new code came.');
      return;
    }
    const why =
      reason === 'CONFLICT'
        ? 'WhatsApp Web was opened elsewhere with this session'
        : `WhatsApp Web ended (${reason.slice(0, 60)})`;
    this.#broke(`${why}.`);
  }

  /** Every half minute: a sign of life in the folder, and after long silence a question to WhatsApp Web. */
  #beat(): void {
    this.#tick = this.#host.clock.after(touchEvery, () => {
      this.#beat();
      void this.#check();
    });
  }

  async #check(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    try {
      await touchOwner(await this.#host.folder(), this.#host.clock.now());
    } catch (error) {
      this.#host.log.warn({ reason: reasonOf(error) }, 'the session’s folder cannot be written');
    }
    if (!this.#ready || this.#host.clock.now() - this.#heardAt < times.silence) return;
    const state = await within(this.#host, times.probe, () => client.getState()).catch(() => undefined);
    if (this.#client !== client || !this.#ready) return;
    if (state === 'CONNECTED') this.#heardAt = this.#host.clock.now();
    else this.#broke(`WhatsApp Web fell silent (${state ?? 'no answer'}).`);
  }

  /** Close the browser; if it does not, end its process. Never rejects. */
  async #close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#ready = false;
    this.#readyAt = 0;
    this.#watch?.();
    if (client === undefined) return;
    const browser = client.pupBrowser?.process?.();
    await within(this.#host, times.close, () => client.destroy()).catch(() => undefined);
    if (browser !== null && browser !== undefined && browser.exitCode === null) browser.kill('SIGKILL');
  }
}
