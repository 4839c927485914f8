import type { JWTPayload } from "jose";

/** Tokens kept, each of some 400 bytes and at most 8 KiB. */
const maxTokens = 1000;

/**
 * Claims of tokens whose signature was found good: checking one costs as much as folding a small
 * batch. What may change about a token is checked every time: its expiry, its kind, its revocation,
 * and the keys, with which everything kept goes.
 */
export class TokenCache {
  #keys: string | undefined;
  readonly #claims = new Map<string, JWTPayload>();

  /** The claims of a good token that has not expired. */
  get(token: string, keys: string, now: number): JWTPayload | undefined {
    if (keys !== this.#keys) return undefined;
    const claims = this.#claims.get(token);
    return claims?.exp !== undefined && claims.exp * 1000 > now ? claims : undefined;
  }

  /** Keeps what was checked with these keys. */
  set(token: string, keys: string, claims: JWTPayload): void {
    if (keys !== this.#keys || this.#claims.size >= maxTokens) this.#claims.clear();
    this.#keys = keys;
    this.#claims.set(token, claims);
  }
}
