import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { CryptoKey } from "jose";
import { journalArbitrary, linesOf } from "pidnap-fixtures/arbitraries/journal";
import { beforeAll, expect, it } from "vitest";
import { createApp } from "../src/worker/app.ts";
import { envInMemory } from "./_env.ts";
import { journalId } from "./_lines.ts";

/** `FUZZ_FACTOR=100` searches for minutes. */
const numRuns = 500 * Number(process.env["FUZZ_FACTOR"] ?? "1");
const now = 1_800_000_000_000;

let privateKey: CryptoKey;
let keys: string;
let tokens: Readonly<Record<string, string>>;
beforeAll(async () => {
  const pair = await generateKeyPair("EdDSA", { extractable: true });
  privateKey = pair.privateKey;
  keys = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: "k1" }] });
  const machine = { sub: "m", org: "o", project: "p", machineType: "t", aud: "ingest" };
  tokens = {
    machine: await sign(machine),
    view: await sign({ org: "*", aud: "view" }),
    expired: await sign({ ...machine, exp: 1 }),
    unnamed: await sign({ ...machine, sub: "" }),
    bytes: await sign({ ...machine, sub: "\u0000\uD800…" }),
  };
});

function sign(claims: object): Promise<string> {
  return new SignJWT({ exp: now / 1000 + 60, ...claims })
    .setProtectedHeader({ alg: "EdDSA", kid: "k1" })
    .sign(privateKey);
}

const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.constantFrom(usual, ...others) },
  );
const fraction = fc.double({ min: 0, max: 1, noNaN: true });

/** Mostly what a shipper sends, and then something wrong with it. */
const bodies = fc.record({
  text: fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(journalArbitrary({ crowds: false }), mostly(0, 1, 3), mostly(-1, 1, 2))
        .map(([all, skip, without]) => {
          const lines = linesOf(all).filter((_, index) => index !== without);
          return lines.slice(skip).join("\n");
        }),
    },
    { weight: 1, arbitrary: fc.array(fc.json(), { maxLength: 5 }).map((all) => all.join("\n")) },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
    { weight: 1, arbitrary: fc.constantFrom(`{"seq":1,"a":${"[".repeat(500)}`, "\n\n") },
  ),
  flips: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.tuple(fraction, fc.nat(255)), { maxLength: 3 }) },
  ),
  packed: fc.boolean(),
  cut: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fraction }),
});

type Body = typeof bodies extends fc.Arbitrary<infer T> ? T : never;

function bytesOf({ text, flips, packed, cut }: Body): Uint8Array<ArrayBuffer> {
  const plain = new TextEncoder().encode(text);
  const bytes = new Uint8Array(packed ? gzipSync(plain) : plain);
  for (const [where, value] of flips) {
    if (bytes.length > 0) bytes[Math.floor(where * (bytes.length - 1))] = value;
  }
  return bytes.slice(0, Math.floor(cut * bytes.length));
}

const headerText = fc.string({ unit: "grapheme-ascii", maxLength: 40 });

const requests = fc.record({
  method: mostly("POST", "GET", "PUT", "HEAD", "OPTIONS"),
  path: fc.oneof(
    { weight: 6, arbitrary: fc.constant(`/v1/journals/${journalId}/events`) },
    { weight: 1, arbitrary: fc.constant(`/v1/journals/${journalId}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "/v1/machines/m",
        "/v1/machines/%00",
        "/v1/machines/%ff",
        "/v1/journals/%ff/events",
      ),
    },
    { weight: 1, arbitrary: fc.webPath() },
  ),
  token: mostly("machine", "view", "expired", "unnamed", "bytes", "none", "junk"),
  junk: headerText,
  type: mostly("application/x-ndjson", "", "text/plain", "application/x-ndjson;charset=utf-16"),
  encoding: mostly<string | null>("as-packed", null, "gzip", "identity", "br", "gzip,gzip"),
  previous: fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant(`1:${"0".repeat(32)}`) },
    { weight: 1, arbitrary: headerText },
  ),
  body: bodies,
});

type Asked = typeof requests extends fc.Arbitrary<infer T> ? T : never;

function requestOf({ method, path, token, junk, type, encoding, previous, body }: Asked): Request {
  const headers = new Headers();
  const set = (name: string, value: string | null) => {
    if (value !== null) headers.set(name, value.replaceAll(/[^\x20-\x7e]/g, "?"));
  };
  set("authorization", token === "none" ? null : `Bearer ${tokens[token] ?? junk}`);
  set("content-type", type);
  const packing = body.packed ? "gzip" : null;
  set("content-encoding", encoding === "as-packed" ? packing : encoding);
  set("previous-line", previous);
  const hasBody = method === "POST" || method === "PUT";
  const init = { method, headers, ...(hasBody ? { body: bytesOf(body) } : {}) };
  return new Request(`http://worker${path}`, init);
}

const statuses = [200, 400, 401, 403, 404, 405, 409, 413, 415, 422];

/** What is wrong with an answer by itself; undefined where it is as documented. */
async function faultOf(answer: Response, method: string): Promise<string | undefined> {
  const text = await answer.text();
  if (!statuses.includes(answer.status)) return `status ${answer.status}: ${text}`;
  if (answer.status === 200 || method === "HEAD") return undefined;
  const { type, status } = JSON.parse(text) as { type?: unknown; status?: unknown };
  return /^[a-z-]+$/.test(String(type)) && status === answer.status ? undefined : text;
}

it("any request is answered as documented, and only a taken batch moves a position", async () => {
  // Bodies in memory come at once: no deadline is ever over.
  const after = () => () => undefined;
  const app = createApp({ now: () => now, picksForLog: () => false, after, fetch });
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(fc.array(requests, { minLength: 1, maxLength: 3 }), async (all) => {
      const { env, worlds } = envInMemory({ INGEST_KEYS: keys });
      for (const asked of all) {
        const before = positionsOf(worlds);
        const answer = await app.fetch(requestOf(asked), env);
        seen.add(answer.status);
        expect(await faultOf(answer, asked.method)).toBeUndefined();
        const moved = JSON.stringify(positionsOf(worlds)) !== JSON.stringify(before);
        expect(moved && answer.status !== 200).toBe(false);
      }
    }),
    { numRuns },
  );
  // Otherwise the requests were too tame, or too wild.
  for (const status of [200, 400, 401, 403, 404, 405, 409, 415, 422])
    expect(seen).toContain(status);
});

/** What every machine that has stored anything holds. */
function positionsOf(worlds: ReturnType<typeof envInMemory>["worlds"]): object[] {
  return [...worlds.values()]
    .map(({ machine, delivered }) => [machine.position(journalId), delivered.length] as const)
    .filter(([position]) => position.kind === "position" && position.next > 1);
}
