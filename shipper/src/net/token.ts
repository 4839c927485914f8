import { TokenFileError } from "../errors.ts";
import { codeOf, isAbsent } from "../disk/segments.ts";
import { tokenPollMs } from "../limits.ts";
import type { ShipperFs } from "../world.ts";

/** What a token says of itself; it is read, not verified, which is the server's part. */
export interface TokenClaims {
  readonly sub: string | undefined;
  /** ms since the epoch. */
  readonly expiresAtMs: number | undefined;
}

/** The machine's token, read again when its file changes. */
export class TokenFile {
  readonly #fs: ShipperFs;
  readonly #path: string;
  #token = "";
  #claims: TokenClaims = noClaims;
  #stamp = "";
  #lookedAtMs = -Infinity;

  constructor(fs: ShipperFs, path: string) {
    this.#fs = fs;
    this.#path = path;
  }

  get token(): string {
    return this.#token;
  }

  get claims(): TokenClaims {
    return this.#claims;
  }

  /** The same, but not more often than makes sense: a request that follows another at once need not look. */
  async refreshSometimes(nowMs: number, afterFailure: boolean): Promise<void> {
    if (!afterFailure && nowMs - this.#lookedAtMs < tokenPollMs) return;
    this.#lookedAtMs = nowMs;
    await this.refresh();
  }

  /** Reads the file where it has changed; true where the token is another one now. */
  async refresh(): Promise<boolean> {
    try {
      const { mtimeMs, size, ino } = await this.#fs.stat(this.#path);
      const stamp = `${mtimeMs}:${size}:${ino}`;
      if (stamp === this.#stamp) return false;
      const token = await this.#read();
      this.#stamp = stamp;
      const changed = token !== this.#token;
      this.#token = token;
      this.#claims = readClaims(token);
      return changed;
    } catch (error) {
      if (error instanceof TokenFileError) throw error;
      const problem = isAbsent(error) ? "is not there" : `cannot be read (${codeOf(error)})`;
      throw new TokenFileError(this.#path, problem, error);
    }
  }

  async #read(): Promise<string> {
    const token = Buffer.from(await this.#fs.readFile(this.#path))
      .toString("utf8")
      .trim();
    if (token === "") throw new TokenFileError(this.#path, "is empty");
    // It goes into a header: anything else than one printable word would be refused there, with the token in the message.
    if (!/^[\x21-\x7e]+$/.test(token)) {
      throw new TokenFileError(this.#path, "holds more than one token");
    }
    return token;
  }
}

const noClaims: TokenClaims = { sub: undefined, expiresAtMs: undefined };

function readClaims(token: string): TokenClaims {
  const payload = token.split(".")[1];
  if (payload === undefined) return noClaims;
  try {
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as unknown;
    if (typeof claims !== "object" || claims === null) return noClaims;
    const { sub, exp } = claims as { sub?: unknown; exp?: unknown };
    return {
      sub: typeof sub === "string" ? sub : undefined,
      expiresAtMs: typeof exp === "number" ? exp * 1000 : undefined,
    };
  } catch {
    // Not a JWT: the server may take other tokens, and they say nothing of themselves.
    return noClaims;
  }
}
