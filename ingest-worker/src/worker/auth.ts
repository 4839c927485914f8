import { createLocalJWKSet, decodeProtectedHeader, errors, jwtVerify } from "jose";
import type { JWTPayload, LocalJWKSet } from "jose";
import { utf8Bytes } from "pidnap-journal/pure";
import { z } from "zod";
import { maxIndexBytes, maxTokenChars } from "./limits.ts";
import type { RefusalOf } from "./refusal.ts";
import { TokenCache } from "./token-cache.ts";

/** Who a machine is. It comes from its token alone. */
export interface MachineIdentity {
  readonly machine: string;
  readonly org: string;
  readonly project: string;
  readonly machineType: string;
}

/** Who looks at machines: one organisation's, or with `*` everyone's. */
export interface Viewer {
  readonly org: string;
}

/** What the Worker checks tokens with. */
export interface TokenRules {
  /** The public keys, a JWKS as JSON text. */
  readonly keys: string | undefined;
  /** Machine ids whose tokens are no longer taken, as JSON text of a list. */
  readonly revokedMachines: string | undefined;
  readonly now: number;
}

export type TokenRefusal = RefusalOf<
  "no-token" | "bad-token" | "expired-token" | "revoked-token" | "wrong-audience" | "misconfigured"
>;

/** Checks a machine's token, given as the Authorization header. */
export async function authenticateMachine(
  authorization: string | undefined,
  rules: TokenRules,
): Promise<{ readonly kind: "machine"; readonly identity: MachineIdentity } | TokenRefusal> {
  const token = await verify(authorization, "ingest", rules);
  if (token.kind !== "verified") return token;
  const identity = identityOf(token.claims);
  if ("kind" in identity) return identity;
  const revoked = readRevoked(rules.revokedMachines);
  if (revoked === undefined) return { kind: "misconfigured" };
  if (revoked.has(identity.machine)) return { kind: "revoked-token" };
  return { kind: "machine", identity };
}

/** Identities by the claims they were read from; claims are kept as long as their token is. */
const identities = new WeakMap<JWTPayload, MachineIdentity>();

function identityOf(payload: JWTPayload): MachineIdentity | RefusalOf<"bad-token"> {
  const known = identities.get(payload);
  if (known !== undefined) return known;
  const claims = machineClaims.safeParse(payload);
  if (!claims.success) return badToken(z.prettifyError(claims.error));
  const { sub: machine, ...rest } = claims.data;
  const identity = { machine, ...rest };
  identities.set(payload, identity);
  return identity;
}

/** Checks a viewer's token, given as the Authorization header. */
export async function authenticateViewer(
  authorization: string | undefined,
  rules: TokenRules,
): Promise<{ readonly kind: "viewer"; readonly viewer: Viewer } | TokenRefusal> {
  const token = await verify(authorization, "view", rules);
  if (token.kind !== "verified") return token;
  const claims = viewerClaims.safeParse(token.claims);
  if (!claims.success) return badToken(z.prettifyError(claims.error));
  return { kind: "viewer", viewer: claims.data };
}

const name = z.string().min(1);
const machineClaims = z.object({
  sub: name.refine((sub) => utf8Bytes(sub) <= maxIndexBytes, {
    error: `takes more than ${maxIndexBytes} bytes`,
  }),
  org: name,
  project: name,
  machineType: name,
});
const viewerClaims = z.object({ org: name });

interface Verified {
  readonly kind: "verified";
  readonly claims: JWTPayload;
}

async function verify(
  authorization: string | undefined,
  audience: "ingest" | "view",
  { keys, now }: TokenRules,
): Promise<Verified | TokenRefusal> {
  const token = /^Bearer +([^ ]+) *$/i.exec(authorization ?? "")?.[1];
  if (token === undefined) return { kind: "no-token" };
  if (token.length > maxTokenChars) return badToken("The token is too long.");
  const checked = await verifiedClaims(token, keys, now);
  if (checked.kind !== "verified") return checked;
  const { claims } = checked;
  // Signature and time come first: only a good token learns that it is of another kind.
  const audiences = [claims.aud ?? []].flat();
  if (!audiences.includes(audience)) return { kind: "wrong-audience", needed: audience };
  return checked;
}

const verifiedTokens = new TokenCache();

async function verifiedClaims(
  token: string,
  keys: string | undefined,
  now: number,
): Promise<Verified | TokenRefusal> {
  const keySet = readKeys(keys);
  if (keys === undefined || keySet === undefined) return { kind: "misconfigured" };
  const known = verifiedTokens.get(token, keys, now);
  if (known !== undefined) return { kind: "verified", claims: known };
  try {
    // Without a `kid` the key would be a guess, and rotation would depend on how many keys there are.
    const { kid } = decodeProtectedHeader(token);
    if (typeof kid !== "string") return badToken("The token names no key (kid).");
    const { payload } = await jwtVerify(token, keySet, {
      algorithms: ["EdDSA"],
      requiredClaims: ["aud", "exp"],
      currentDate: new Date(now),
    });
    verifiedTokens.set(token, keys, payload);
    return { kind: "verified", claims: payload };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { kind: "expired-token" };
    if (error instanceof errors.JOSEError || error instanceof TypeError) {
      return badToken("The token is malformed, or no key here has signed it.");
    }
    throw error;
  }
}

function badToken(reason: string): RefusalOf<"bad-token"> {
  return { kind: "bad-token", reason };
}

/** Importing keys costs more than checking a signature, so the last set read is kept. */
let keysRead: { readonly text: string; readonly set: LocalJWKSet } | undefined;

function readKeys(text: string | undefined): LocalJWKSet | undefined {
  if (text === undefined) return undefined;
  if (keysRead?.text === text) return keysRead.set;
  try {
    keysRead = { text, set: createLocalJWKSet(JSON.parse(text) as never) };
    return keysRead.set;
  } catch {
    // The set cannot be read: the caller answers that the server is misconfigured.
    return undefined;
  }
}

const revokedSchema = z.array(z.string()).transform((machines) => new Set(machines));

/** The last list read: it may be long, and is looked at with every request. */
let revokedRead: { readonly text: string; readonly machines: ReadonlySet<string> } | undefined;

function readRevoked(text = ""): ReadonlySet<string> | undefined {
  if (revokedRead?.text === text) return revokedRead.machines;
  try {
    const machines = text.trim() === "" ? new Set<string>() : revokedSchema.parse(JSON.parse(text));
    revokedRead = { text, machines };
    return machines;
  } catch {
    // A list that cannot be read must not let everyone in: the caller answers "misconfigured".
    return undefined;
  }
}
