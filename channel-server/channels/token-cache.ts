import { createHash } from 'node:crypto';
import type { Clock, KeptToken, TokenCache } from '../../adapters/contract/index.ts';
import type { UnitOfWork } from '../session/ports.ts';
import type { KeptCredential } from './channel-status.ts';
import type { ChannelRepository } from './ports.ts';
import type { Sealing } from './sealing.ts';

export interface TokenCacheOptions {
  channelId: string;
  credentials: Pick<ChannelRepository, 'credential'>;
  unitOfWork: UnitOfWork;
  sealing: Sealing;
  clock: Clock;
}

/** A token that ends sooner is made anew, ms. */
const margin = 60_000;
/** How long making one may take before somebody else tries, ms. */
const leaseTime = 30_000;
/** How often it is looked whether another node has made it, ms. */
const lookAgain = 200;

/**
 * Tokens of one channel: in memory, else in its row, else made by whoever takes the row's lease. What `make` rejects
 * with is handed on; the next one tries again.
 */
export function createTokenCache(options: TokenCacheOptions): TokenCache {
  const { channelId, credentials, unitOfWork, sealing, clock } = options;
  const known = new Map<string, { seed: string; token: KeptToken }>();
  const under = new Map<string, Promise<KeptToken>>();
  /** What the platform refused last, by name: not believed even before its row says so. */
  const spoilt = new Map<string, string>();

  const lasts = ({ expiresAt }: KeptToken) => expiresAt === undefined || expiresAt > clock.now() + margin;
  // Bound to its name: a row's value cannot be taken for another's.
  const place = (name: string) => `credential ${name.replaceAll('.', ' ')}`;
  const seal = (name: string, token: KeptToken) =>
    sealing.seal(channelId, [place(name)], { [place(name)]: token })[place(name)];

  /** What a row holds; undefined when there is nothing, or nothing this installation can read. */
  function open(row: KeptCredential | undefined): KeptToken | undefined {
    if (row === undefined || row.value === null) return undefined;
    try {
      return sealing.open(channelId, [place(row.name)], { [place(row.name)]: row.value })[place(row.name)] as KeptToken;
    } catch {
      return undefined;
    }
  }
  /** Its end may have been moved since it was sealed: a spoilt one has ended. */
  const current = (row: KeptCredential, token: KeptToken): KeptToken => {
    const { expiresAt: _sealed, ...rest } = token;
    return row.expiresAt === null ? rest : { ...rest, expiresAt: row.expiresAt };
  };

  async function get(name: string, seed: string, make: Parameters<TokenCache['get']>[2]): Promise<KeptToken> {
    for (;;) {
      const row = await credentials.credential(channelId, name);
      const kept = row?.seed === seed ? open(row) : undefined;
      const token = row !== undefined && kept !== undefined ? current(row, kept) : undefined;
      if (token !== undefined && lasts(token) && token.value !== spoilt.get(name)) return token;
      const lease = await take(name, seed, row);
      if (lease === undefined) {
        await new Promise<void>((again) => clock.after(lookAgain, again));
        continue;
      }
      return await makeUnder(lease, name, seed, () => make(token));
    }
  }

  /** The lease to make a new one; undefined when another has it. */
  async function take(name: string, seed: string, row: KeptCredential | undefined): Promise<number | undefined> {
    const now = clock.now();
    if (row?.leaseUntil != null && row.leaseUntil > now) return undefined;
    const leaseUntil = now + leaseTime;
    const result = await unitOfWork.commit([
      row === undefined
        ? {
            kind: 'insert',
            record: 'credential',
            values: { channelId, name, seed, value: null, expiresAt: null, leaseUntil },
            refusal: 'TAKEN',
          }
        : {
            kind: 'update',
            record: 'credential',
            where: { channelId, name },
            expect: { leaseUntil: row.leaseUntil, seed: row.seed, expiresAt: row.expiresAt },
            set: { leaseUntil },
            refusal: 'TAKEN',
          },
    ]);
    return result.outcome === 'applied' ? leaseUntil : undefined;
  }

  async function makeUnder(
    lease: number,
    name: string,
    seed: string,
    make: () => Promise<KeptToken>,
  ): Promise<KeptToken> {
    const where = { channelId, name };
    const expect = { leaseUntil: lease };
    let made: KeptToken;
    try {
      made = await make();
    } catch (error) {
      await unitOfWork.commit([{ kind: 'update', record: 'credential', where, expect, set: { leaseUntil: null } }]);
      throw error;
    }
    // The platform may give the same one again.
    if (spoilt.get(name) === made.value) spoilt.delete(name);
    const set = { seed, value: seal(name, made), expiresAt: made.expiresAt ?? null, leaseUntil: null };
    await unitOfWork.commit([{ kind: 'update', record: 'credential', where, expect, set }]);
    return made;
  }

  return {
    get(name, from, make) {
      const seed = createHash('sha256').update(from).digest('hex');
      const here = known.get(name);
      if (here?.seed === seed && lasts(here.token)) return Promise.resolve(here.token);
      const key = `${name}\n${seed}`;
      let getting = under.get(key);
      if (getting === undefined) {
        getting = get(name, seed, make)
          .then((token) => {
            if (token.value !== spoilt.get(name)) known.set(name, { seed, token });
            return token;
          })
          .finally(() => under.delete(key));
        under.set(key, getting);
      }
      return getting;
    },
    async spoil(name, value) {
      spoilt.set(name, value);
      if (known.get(name)?.token.value === value) known.delete(name);
      const row = await credentials.credential(channelId, name);
      if (row === undefined || open(row)?.value !== value) return;
      // Not removed: what is kept beside it, a refresh token, makes the next one.
      await unitOfWork.commit([
        {
          kind: 'update',
          record: 'credential',
          where: { channelId, name },
          expect: { expiresAt: row.expiresAt, leaseUntil: row.leaseUntil, seed: row.seed },
          set: { expiresAt: 0 },
        },
      ]);
    },
  };
}
