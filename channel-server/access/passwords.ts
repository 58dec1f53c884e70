import { hash, verify } from '@node-rs/argon2';
import type { Tenant } from './account.ts';

export const passwordLimits = {
  /** Characters; NIST 800-63B-4 for a password without a second factor. */
  length: 15,
  /** Characters, with the stricter composition policy. */
  composition: 8,
  longest: 256,
} as const;

/** OWASP's figures for argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** One spelling for what people type on different keyboards. */
const normalise = (password: string) => password.normalize('NFKC');

/** argon2id, PHC string. */
export function hashPassword(password: string): Promise<string> {
  return hash(normalise(password), cost);
}

/** Whether the password belongs to the hash. Takes the same time either way. */
export function passwordMatches(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, normalise(password));
}

/**
 * Why a password is refused, in words for the person who chose it; undefined when it is good.
 * Length and the bundled list of breached passwords decide; composition only where the tenant asks for it.
 */
export async function passwordWeakness(
  password: string,
  account: { login: string; name?: string },
  policy: Tenant['passwordPolicy'],
): Promise<string | undefined> {
  const text = normalise(password);
  const length = [...text].length;
  const least = passwordLimits[policy];
  if (length < least) return `Use at least ${least} characters.`;
  if (length > passwordLimits.longest) return `Use at most ${passwordLimits.longest} characters.`;
  if (resembles(text, account.login)) return 'Do not use the account name or its reverse.';
  if (policy === 'composition') {
    const missing = compositionRules.filter(([, pattern]) => !pattern.test(text)).map(([what]) => what);
    if (missing.length > 0) return `Add ${missing.join(' and ')}.`;
  }
  return (await guessable(text, account, policy))
    ? 'This password, or one much like it, is in lists of stolen passwords. Choose another.'
    : undefined;
}

const compositionRules: readonly (readonly [string, RegExp])[] = [
  ['an upper-case letter', /\p{Lu}/u],
  ['a lower-case letter', /\p{Ll}/u],
  ['a digit', /\p{Nd}/u],
  ['a special character', /[^\p{L}\p{N}\s]/u],
];

function resembles(password: string, login: string): boolean {
  const name = normalise(login).toLowerCase();
  if (name.length === 0) return false;
  const reversed = [...name].reverse().join('');
  // A short password or a login repeated is the account name too; a passphrase that merely mentions it is not.
  const rest = password.toLowerCase().replaceAll(name, '').replaceAll(reversed, '');
  return rest === '' || /^[\p{N}\p{P}\p{S}\s]{0,4}$/u.test(rest);
}

/** The breached list and the estimate of what resembles it; loaded when first asked, for it is large. */
async function guessable(
  password: string,
  account: { login: string; name?: string },
  policy: Tenant['passwordPolicy'],
): Promise<boolean> {
  checker ??= loadChecker();
  const check = await checker;
  return check(password, [account.login, account.name ?? '', 'foyer']) <= (policy === 'length' ? 2 : 1);
}

type Checker = (password: string, known: string[]) => number;
let checker: Promise<Checker> | undefined;

async function loadChecker(): Promise<Checker> {
  const [core, common] = await Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]);
  const breached = new Set(common.dictionary['passwords-common'].map((one) => String(one).toLowerCase()));
  const estimate = new core.ZxcvbnFactory({
    dictionary: common.dictionary,
    graphs: common.adjacencyGraphs,
    maxLength: 64,
  });
  return (password, known) =>
    breached.has(password.toLowerCase()) ? 0 : estimate.check(password, known.filter(Boolean)).score;
}
