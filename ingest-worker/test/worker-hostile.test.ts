import { exportJWK, generateKeyPair, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { hostileMachine, path } from "./_hostile.ts";
import { journalId, sample, samples } from "./_lines.ts";
import { get, post } from "./_post.ts";
import { sendRaw } from "./_raw.ts";

const hostile = hostileMachine();
const { position } = hostile;

describe("tokens", () => {
  const machine = { sub: "m", org: "o", project: "p", machineType: "t", aud: "ingest" };
  const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const answerTo = async (jwt: string) => {
    const answer = await post(hostile.worker, journalId, [sample(1)], { token: jwt });
    return `${answer.status} ${String(answer.body["type"])}`;
  };

  it.each<[string, string, () => Promise<string> | string]>([
    ["alg none", "401 bad-token", () => new UnsecuredJWT(machine).setExpirationTime("1h").encode()],
    [
      "alg none in capitals, with a kid",
      "401 bad-token",
      () => `${base64({ alg: "NONE", kid: "k1" })}.${base64({ ...machine, exp: 9e9 })}.`,
    ],
    [
      "a signature taken off",
      "401 bad-token",
      async () => (await hostile.worker.sign(machine)).replace(/[^.]+$/, ""),
    ],
    [
      "HS256 with a guessed secret",
      "401 bad-token",
      () => hostile.worker.sign(machine, { alg: "HS256", key: new Uint8Array(32) }),
    ],
    ["another kid", "401 bad-token", () => hostile.worker.sign(machine, { kid: "k2" })],
    [
      "a key that looks like a path",
      "401 bad-token",
      () => hostile.worker.sign(machine, { kid: "../../dev/null" }),
    ],
    ["expired", "401 expired-token", () => hostile.worker.sign(machine, { expiresIn: 1_000_000 })],
    [
      "not valid yet",
      "401 bad-token",
      () => hostile.worker.sign({ ...machine, nbf: 9_000_000_000 }),
    ],
    ["no audience", "401 bad-token", () => hostile.worker.sign({ ...machine, aud: undefined })],
    [
      "audiences without ours",
      "403 wrong-audience",
      () => hostile.worker.sign({ ...machine, aud: ["x"] }),
    ],
    [
      "an empty list of audiences",
      "403 wrong-audience",
      () => hostile.worker.sign({ ...machine, aud: [] }),
    ],
    [
      "audiences, ours among them",
      "200 undefined",
      () => hostile.worker.sign({ ...machine, aud: ["x", "ingest"] }),
    ],
    [
      "an organisation that is a list",
      "401 bad-token",
      () => hostile.worker.sign({ ...machine, org: ["*"] }),
    ],
    [
      "8 KiB and more of claims",
      "401 bad-token",
      () => hostile.worker.sign({ ...machine, x: "y".repeat(9000) }),
    ],
  ])("%s: %s", async (_, expected, make) => {
    expect(await answerTo(await make())).toBe(expected);
  });

  it("with a key of their own in the header are as bad as any", async () => {
    const own = await generateKeyPair("EdDSA", { extractable: true });
    const claims = base64({ ...machine, exp: 9_000_000_000 });
    const header = base64({ alg: "EdDSA", kid: "k1", jwk: await exportJWK(own.publicKey) });
    const input = new TextEncoder().encode(`${header}.${claims}`);
    const signature = await crypto.subtle.sign("Ed25519", own.privateKey, input);
    const jwt = `${header}.${claims}.${Buffer.from(signature).toString("base64url")}`;
    expect(await answerTo(jwt)).toBe("401 bad-token");
  });

  it("of one machine open no journal of another's, whatever the body says of itself", async () => {
    await post(hostile.worker, journalId, samples(1, 3), { token: hostile.token });
    const other = await hostile.worker.machineToken({ sub: `${hostile.name}-other` });
    const answer = await get(hostile.worker, `/v1/journals/${journalId}`, other);
    expect(answer.body).toMatchObject({ next: 1 });
    const claims = { machine: hostile.name, sub: hostile.name, org: "org_a" };
    await post(hostile.worker, journalId, [sample(1, claims)], { token: other });
    expect((await position()).body).toMatchObject({ next: 4 });
    expect(hostile.worker.delivered.at(-1)?.indexes).toEqual([`${hostile.name}-other`]);
  });
});

describe("addresses and methods", () => {
  const ask = (method: string, target: string) =>
    sendRaw(hostile.worker.url, [
      `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${hostile.token}\r\n\r\n`,
    ]);

  it.each([
    ["GET", "/v1/journals/../../health", 200],
    ["GET", `/v1/journals/${journalId}/../${journalId}`, 200],
    ["GET", "/v1/journals/%2e%2e/%2e%2e/health", 200],
    ["GET", `/v1/journals/${journalId}%00`, 404],
    ["GET", `//v1/journals/${journalId}`, 404],
    ["GET", `/V1/journals/${journalId}`, 404],
    ["GET", `/v1/journals/${"a".repeat(8000)}`, 404],
    ["GET", `/v1/journals/{${journalId}}`, 404],
    ["GET", `/v1/journals/${journalId}?token=x`, 200],
    ["OPTIONS", path, 405],
    ["TRACE", path, 405],
    ["PATCH", path, 405],
    ["HEAD", "/health", 200],
  ])("%s %s: %i", async (method, target, status) => {
    expect((await ask(method, target)).status).toBe(status);
  });

  it("HEAD tells a position's existence, and no more than GET", async () => {
    const headers = { authorization: `Bearer ${hostile.token}` };
    const url = `${hostile.worker.url}/v1/journals/${journalId}`;
    const head = await fetch(url, { method: "HEAD", headers });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect((await fetch(url, { method: "HEAD" })).status).toBe(401);
  });

  it("no answer allows another site's page to read it", async () => {
    const headers = { origin: "https://evil.example", authorization: `Bearer ${hostile.token}` };
    const answer = await fetch(`${hostile.worker.url}/v1/journals/${journalId}`, { headers });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });
});
