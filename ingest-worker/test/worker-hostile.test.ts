import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { exportJWK, generateKeyPair, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { goes, journalId, line, lost, sample, samples, startAt } from "./_lines.ts";
import { get, post, postBody } from "./_post.ts";
import { sendRaw } from "./_raw.ts";
import { runWorker } from "./run-worker.ts";
import type { RunningWorker } from "./run-worker.ts";

let worker: RunningWorker;
let token: string;
let machines = 0;
beforeAll(async () => {
  worker = await runWorker();
});
afterAll(() => worker[Symbol.asyncDispose]());
/** A machine of its own for every test. */
beforeEach(async () => {
  machines += 1;
  token = await worker.machineToken({ sub: `hostile-${machines}` });
});

const path = `/v1/journals/${journalId}/events`;
const text = (...lines: readonly object[]) =>
  lines.map((each) => `${JSON.stringify(each)}\n`).join("");
const sendBody = (body: string | Uint8Array<ArrayBuffer>, headers = {}) =>
  postBody(worker, journalId, body, { token, headers });
const bytes = (buffer: Uint8Array) => new Uint8Array(buffer);
const position = () => get(worker, `/v1/journals/${journalId}`, token);
/** A sample's line with another text in the place of one field. */
const edited = (from: string, to: string) => `${JSON.stringify(sample(1)).replace(from, to)}\n`;

/** After whatever was sent, the journal takes its first line as if nothing had been. */
async function expectUntouched(): Promise<void> {
  expect((await position()).body).toEqual({ next: 1, boot: null, lastEventAt: null, last: null });
  expect(await post(worker, journalId, [sample(1)], { token })).toMatchObject({ status: 200 });
}

describe("tokens", () => {
  const machine = { sub: "m", org: "o", project: "p", machineType: "t", aud: "ingest" };
  const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const answerTo = async (jwt: string) => {
    const answer = await post(worker, journalId, [sample(1)], { token: jwt });
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
      async () => (await worker.sign(machine)).replace(/[^.]+$/, ""),
    ],
    [
      "HS256 with a guessed secret",
      "401 bad-token",
      () => worker.sign(machine, { alg: "HS256", key: new Uint8Array(32) }),
    ],
    ["another kid", "401 bad-token", () => worker.sign(machine, { kid: "k2" })],
    [
      "a key that looks like a path",
      "401 bad-token",
      () => worker.sign(machine, { kid: "../../dev/null" }),
    ],
    ["expired", "401 expired-token", () => worker.sign(machine, { expiresIn: 1_000_000 })],
    ["not valid yet", "401 bad-token", () => worker.sign({ ...machine, nbf: 9_000_000_000 })],
    ["no audience", "401 bad-token", () => worker.sign({ ...machine, aud: undefined })],
    ["audiences without ours", "403 wrong-audience", () => worker.sign({ ...machine, aud: ["x"] })],
    [
      "an empty list of audiences",
      "403 wrong-audience",
      () => worker.sign({ ...machine, aud: [] }),
    ],
    [
      "audiences, ours among them",
      "200 undefined",
      () => worker.sign({ ...machine, aud: ["x", "ingest"] }),
    ],
    [
      "an organisation that is a list",
      "401 bad-token",
      () => worker.sign({ ...machine, org: ["*"] }),
    ],
    [
      "8 KiB and more of claims",
      "401 bad-token",
      () => worker.sign({ ...machine, x: "y".repeat(9000) }),
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
    await post(worker, journalId, samples(1, 3), { token });
    const other = await worker.machineToken({ sub: `${machines}-other` });
    const answer = await get(worker, `/v1/journals/${journalId}`, other);
    expect(answer.body).toMatchObject({ next: 1 });
    const claims = { machine: `hostile-${machines}`, sub: `hostile-${machines}`, org: "org_a" };
    await post(worker, journalId, [sample(1, claims)], { token: other });
    expect((await position()).body).toMatchObject({ next: 4 });
    expect(worker.delivered.at(-1)?.indexes).toEqual([`${machines}-other`]);
  });
});

describe("lengths and framing", () => {
  const head = (...headers: string[]) =>
    [
      `POST ${path} HTTP/1.1`,
      "Host: x",
      `Authorization: Bearer ${token}`,
      "Content-Type: application/x-ndjson",
      "Connection: close",
      ...headers,
      "\r\n",
    ].join("\r\n");
  const body = text(sample(1), sample(2));

  it("a Content-Length that promises a gigabyte is refused before it comes", async () => {
    const answer = await sendRaw(worker.url, [head("Content-Length: 1000000000"), body]);
    expect(answer).toEqual({ status: 413, type: "too-large" });
    await expectUntouched();
  });

  it("a Content-Length that is too short makes a batch of what it covers, or none", async () => {
    const answer = await sendRaw(worker.url, [head(`Content-Length: ${body.length - 9}`), body]);
    expect(answer).toEqual({ status: 400, type: "not-ndjson" });
    await expectUntouched();
  });

  it.each(["-1", "1e3", "0x10", "12, 13", "99999999999999999999"])(
    "Content-Length: %s reaches no journal",
    async (length) => {
      const answer = await sendRaw(worker.url, [head(`Content-Length: ${length}`), body]);
      expect(answer.status).not.toBe(200);
      await expectUntouched();
    },
  );

  it("chunks of one byte are one batch", async () => {
    const chunks = [...Buffer.from(body)].map((byte) => `1\r\n${String.fromCharCode(byte)}\r\n`);
    const all = [head("Transfer-Encoding: chunked"), chunks.join(""), "0\r\n\r\n"];
    expect(await sendRaw(worker.url, all)).toMatchObject({ status: 200 });
    expect((await position()).body).toMatchObject({ next: 3 });
  });

  it("chunks without an end are cut off where the limit is", async () => {
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    const many = Array.from({ length: 20 }, () => chunk);
    const all = [head("Transfer-Encoding: chunked"), ...many, "0\r\n\r\n"];
    expect(await sendRaw(worker.url, all)).toEqual({ status: 413, type: "too-large" });
    await expectUntouched();
  });

  it("a length and chunks at once, the way to smuggle a request, reach no journal", async () => {
    const smuggled = `0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n`;
    const both = head(`Content-Length: ${smuggled.length}`, "Transfer-Encoding: chunked");
    await sendRaw(worker.url, [both, smuggled]);
    await expectUntouched();
  });

  it("chunks whose length is none are an incomplete body", async () => {
    const answer = await sendRaw(worker.url, [head("Transfer-Encoding: chunked"), "zz\r\nab\r\n"]);
    expect(answer).toEqual({ status: 408, type: "incomplete-body" });
    await expectUntouched();
  });

  it("a header of 100 KB is no way in", async () => {
    const answer = await sendRaw(worker.url, [
      head(`Content-Length: ${body.length}`, `Previous-Line: ${"1".repeat(100_000)}`),
      body,
    ]);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    await expectUntouched();
  });
});

describe("encodings", () => {
  const plain = text(sample(1));
  const gzip = { "content-encoding": "gzip" };

  it.each<[string, string, () => Uint8Array<ArrayBuffer>, string]>([
    ["br", "415 unsupported-content-encoding", () => bytes(brotliCompressSync(plain)), "br"],
    ["deflate", "415 unsupported-content-encoding", () => bytes(deflateSync(plain)), "deflate"],
    ["x-gzip", "415 unsupported-content-encoding", () => bytes(gzipSync(plain)), "x-gzip"],
    [
      "gzip twice, said so",
      "415 unsupported-content-encoding",
      () => bytes(gzipSync(gzipSync(plain))),
      "gzip, gzip",
    ],
    ["gzip twice, said once", "400 not-ndjson", () => bytes(gzipSync(gzipSync(plain))), "gzip"],
    ["gzip without its end", "400 not-gzip", () => bytes(gzipSync(plain)).slice(0, -5), "gzip"],
    [
      "gzip with a wrong checksum",
      "400 not-gzip",
      () =>
        bytes(gzipSync(plain)).map((byte, at, all) => (at === all.length - 6 ? byte ^ 1 : byte)),
      "gzip",
    ],
    [
      "gzip with bytes behind it",
      "400 not-gzip",
      () => bytes(Buffer.concat([gzipSync(plain), Buffer.from("more")])),
      "gzip",
    ],
    ["zlib said to be gzip", "400 not-gzip", () => bytes(deflateSync(plain)), "gzip"],
    ["an empty body said to be gzip", "400 not-gzip", () => new Uint8Array(), "gzip"],
  ])("%s: %s", async (_, expected, body, encoding) => {
    const answer = await sendBody(body(), { "content-encoding": encoding });
    expect(`${answer.status} ${String(answer.body["type"])}`).toBe(expected);
    await expectUntouched();
  });

  it("a bomb of 200 MB ends early", async () => {
    const bomb = bytes(gzipSync(new Uint8Array(200_000_000)));
    expect(await sendBody(bomb, gzip)).toMatchObject({ status: 413 });
    await expectUntouched();
  });

  it("a bomb of one line within the limits is a line that is too long", async () => {
    const long = text(sample(1, { note: "x".repeat(900_000) }));
    expect(await sendBody(bytes(gzipSync(long)), gzip)).toMatchObject({
      status: 422,
      body: { rejected: [{ seq: 1, reason: "too-long" }] },
    });
    await expectUntouched();
  });
});

describe("lines", () => {
  it.each<[string, string, string]>([
    ["a byte order mark", "400 not-ndjson", `\uFEFF${text(sample(1))}`],
    ["a blank line in between", "400 not-ndjson", `${text(sample(1))}\n${text(sample(2))}`],
    ["a blank line at the end", "400 not-ndjson", `${text(sample(1))}\n`],
    ["NUL bytes", "400 not-ndjson", `\u0000\u0000\n${text(sample(1))}`],
    ["a list of events", "400 not-ndjson", `[${JSON.stringify(sample(1))}]\n`],
    ["two events on a line", "400 not-ndjson", text(sample(1)).trim() + text(sample(2))],
    ["null", "400 not-ndjson", "null\n"],
    ["seq 2^53", "400 not-ndjson", edited('"seq":1', '"seq":9007199254740992')],
    ["seq 2^53 - 1", "409 gap", edited('"seq":1', '"seq":9007199254740991')],
    ["seq 1.5", "400 not-ndjson", edited('"seq":1', '"seq":1.5')],
    ["seq 0", "400 not-ndjson", edited('"seq":1', '"seq":0')],
    ["seq as text", "400 not-ndjson", edited('"seq":1', '"seq":"1"')],
    ["1e400", "422 invalid-events", edited('"cpuPercent":5', '"cpuPercent":1e400')],
    ["NaN", "400 not-ndjson", edited('"cpuPercent":5', '"cpuPercent":NaN')],
    ["a time before all times", "422 invalid-events", edited(`"at":${startAt + 1000}`, '"at":-1')],
    [
      "a time after all times",
      "422 invalid-events",
      edited(`"at":${startAt + 1000}`, '"at":1e300'),
    ],
    ["a type that is a list", "422 invalid-events", edited('"resources.sampled"', '["x"]')],
    ["v as text", "422 invalid-events", edited('"v":1', '"v":"1"')],
    [
      "depth of 20",
      "422 invalid-events",
      edited('"cpuPercent"', `"x":${"[".repeat(20)}${"]".repeat(20)},"cpuPercent"`),
    ],
    [
      "depth of 20,000",
      "422 invalid-events",
      edited('"cpuPercent"', `"x":${"[".repeat(20_000)}${"]".repeat(20_000)},"cpuPercent"`),
    ],
    ["a loss of all positions", "422 invalid-events", text(lost(1, Number.MAX_SAFE_INTEGER))],
    ["a process without a name", "422 invalid-events", text(goes(1, "", "idle", "running"))],
    [
      "a process of 257 bytes",
      "422 invalid-events",
      text(goes(1, `${"p".repeat(255)}ü`, "idle", "running")),
    ],
  ])("%s: %s", async (_, expected, body) => {
    const answer = await sendBody(body);
    expect(`${answer.status} ${String(answer.body["type"])}`).toBe(expected);
    await expectUntouched();
  });

  it("may end in \\r\\n, which is white space in JSON and part of what is hashed", async () => {
    expect(await sendBody(text(sample(1)).replace("\n", "\r\n"))).toMatchObject({ status: 200 });
    expect((await position()).body["last"]).toMatch(/^1:/);
    expect(await post(worker, journalId, [sample(1), sample(2)], { token })).toMatchObject({
      status: 409,
      body: { type: "fork" },
    });
  });

  it("with one key twice mean the last of them, in every check alike", async () => {
    const twice = edited('"seq":1', '"seq":7,"seq":1').replace('"v":1', '"v":2,"v":1');
    expect(await sendBody(twice)).toMatchObject({ status: 200, body: { next: 2 } });
  });

  it("with names of JavaScript's own are taken for what they are", async () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const lines = names.map((name, index) => goes(index + 1, name, "idle", "running"));
    const opened = line(5, "segment.opened", { journal: journalId, processes: {} });
    const table = JSON.stringify(opened).replace(
      '"processes":{}',
      `"processes":{"__proto__":{"state":"running","at":1,"mono":1,"restarts":0}}`,
    );
    expect(await sendBody(`${text(...lines)}${table}\n`)).toMatchObject({ status: 200 });
    const polluted = edited('"v":1', '"v":1,"__proto__":{"seq":99,"type":"x"}');
    expect(await sendBody(polluted.replace('"seq":1', '"seq":6'))).toMatchObject({ status: 200 });
    expect(worker.delivered.slice(-5).map(({ blobs }) => blobs[4])).toEqual([...names, ""]);
    expect(({} as Record<string, unknown>)["seq"]).toBeUndefined();
  });

  it("with -0 give points that SQL can read", async () => {
    await sendBody(edited('"cpuPercent":5', '"cpuPercent":-0'));
    expect(worker.delivered.at(-1)?.doubles[0]).toBe(0);
  });

  it("with lone surrogates and control characters are stored as they are", async () => {
    const name = "\ud800\u0000\u001b[31m'--";
    const answer = await post(worker, journalId, [goes(1, name, "idle", "running")], { token });
    expect(answer).toMatchObject({ status: 200 });
  });
});

describe("addresses and methods", () => {
  const ask = (method: string, target: string) =>
    sendRaw(worker.url, [
      `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n\r\n`,
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
    const headers = { authorization: `Bearer ${token}` };
    const url = `${worker.url}/v1/journals/${journalId}`;
    const head = await fetch(url, { method: "HEAD", headers });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect((await fetch(url, { method: "HEAD" })).status).toBe(401);
  });

  it("no answer allows another site's page to read it", async () => {
    const headers = { origin: "https://evil.example", authorization: `Bearer ${token}` };
    const answer = await fetch(`${worker.url}/v1/journals/${journalId}`, { headers });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });
});
