import type { Visitor } from '../../adapters/contract/index.ts';
import type { AccountPrincipal } from './principal.ts';

export interface SignedIn {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  /** For the HttpOnly cookie. */
  refreshToken: string;
  /** The password was set by another person: only `changePassword` is allowed until it is changed. */
  mustChange: boolean;
  account: AccountPrincipal;
}

/** Sign-in, tokens, passwords, revocation: the one authentication module behind REST and sockets. */
export interface AccessService {
  /** Throws ACCESS_SIGN_IN_FAILED (same text and time for unknown logins) or ACCESS_THROTTLED. `address`: the client's IP. */
  signIn(login: string, password: string, address: string): Promise<SignedIn>;
  /** Spend a refresh token for a new pair; reuse kills the whole sign-in. */
  refresh(refreshToken: string): Promise<SignedIn>;
  signOut(refreshToken: string): Promise<void>;
  /** The account an access token stands for, if it is valid and not revoked. */
  authenticate(accessToken: string): Promise<AccountPrincipal>;
  /** Whether the principal's tokens are still good: checked for long-lived sockets. */
  stillValid(principal: AccountPrincipal, tokenIssuedAt: number): boolean;
  changePassword(accountId: string, current: string, next: string, address: string): Promise<SignedIn>;
  /** End every session of an account within 5 s on HTTP and sockets. */
  revoke(tenantId: string, accountId: string): Promise<void>;
}

/** Tokens that prove a visitor: made by the server, signed, bound to one channel. */
export interface VisitorTokens {
  issue(visitor: Visitor): Promise<string>;
  /** Undefined when forged, expired, another channel's, or revoked. */
  verify(token: string, channelId?: string): Promise<Visitor | undefined>;
  revoke(visitor: Visitor): Promise<void>;
}
