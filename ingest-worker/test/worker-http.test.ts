import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { journalId, line, lost, sample, samples } from "./_lines.ts";
import { get, post, postBody } from "./_post.ts";
import { runWorker } from "./_run-worker.ts";
import type { RunningWorker } from "./_run-worker.ts";

let worker: RunningWorker;
let token: string;
beforeAll(async () => {
  worker = await runWorker({
    variables: { PACE_EVENTS_PER_SECOND: "80", REVOKED_MACHINES: '["gone"]' },
  });
});
afterAll(() => worker[Symbol.asyncDispose]());

let machines = 0;
/** A machine of its own for every test. */
beforeEach(async () => {
  machines += 1;
  token = await worker.machineToken({ sub: `m${machines}` });
});

const send = (lines: readonly (string | object)[], headers = {}) =>
  post(worker, journalId, lines, { token, headers });
const sendBody = (body: string | Uint8Array<ArrayBuffer>, headers = {}) =>
  postBody(worker, journalId, body, { token, headers });
const position = () => get(worker, `/v1/journals/${journalId}`, token);
const packed = (text: string | Uint8Array) => new Uint8Array(gzipSync(text));
const gzip = { "content-encoding": "gzip" };

describe("a batch that is taken", () => {
  it("is answered with the next position and what was counted, packed or not", async () => {
    expect(await send(samples(1, 3))).toMatchObject({
      status: 200,
      body: { next: 4, accepted: 3, duplicates: 0, points: 3, pace: 80 },
    });
    const text = samples(3, 5).map((each) => JSON.stringify(each));
    expect((await sendBody(packed(text.join("\n")), gzip)).body).toMatchObject({
      next: 6,
      accepted: 2,
      duplicates: 1,
    });
    expect((await position()).body).toMatchObject({
      next: 6,
      boot: "b1",
      lastEventAt: sample(5).at,
      last: expect.stringMatching(/^5:[0-9a-f]{32}$/) as string,
    });
  });

  it("may have 250 events, and a megabyte", async () => {
    expect(await send(samples(1, 250))).toMatchObject({ status: 200 });
    const wide = Array.from({ length: 16 }, (_, index) =>
      sample(251 + index, { note: "x".repeat(65_000) }),
    );
    expect(await send(wide)).toMatchObject({ status: 200, body: { accepted: 16 } });
  });

  it("may name the line before it", async () => {
    await send([sample(1)]);
    const { last } = (await position()).body;
    expect(await send([sample(2)], { "previous-line": last })).toMatchObject({ status: 200 });
  });
});

describe("a batch that is refused", () => {
  it.each<[string, number, string, () => ReturnType<typeof send>]>([
    ["past the position", 409, "gap", () => send([sample(7)])],
    ["with a hole", 422, "not-gapless", () => send([sample(1), sample(3)])],
    [
      "with an invalid event",
      422,
      "invalid-events",
      () => send([JSON.stringify(sample(1)).replace('"cpuPercent":5', '"cpuPercent":1e400')]),
    ],
    ["of another version", 422, "invalid-events", () => send([{ ...sample(1), v: 2 }])],
    ["with a loss that ends before it begins", 422, "invalid-events", () => send([lost(1, 0)])],
    ["of 251 events", 413, "too-large", () => send(samples(1, 251))],
    ["of too many bytes", 413, "too-large", () => sendBody("x".repeat(3_000_000))],
    ["that is a bomb", 413, "too-large", () => sendBody(packed(new Uint8Array(40_000_000)), gzip)],
    ["that is empty", 400, "not-ndjson", () => sendBody("")],
    ["that is an empty gzip", 400, "not-ndjson", () => sendBody(packed(""), gzip)],
    ["that is not JSON", 400, "not-ndjson", () => sendBody('{"seq":1,}\n')],
    ["that is not UTF-8", 400, "not-ndjson", () => sendBody(new Uint8Array([0x22, 0xff, 0x22]))],
    ["that is no gzip", 400, "not-gzip", () => sendBody("{}\n", gzip)],
    ["that is cut short", 400, "not-gzip", () => sendBody(packed("{}").subarray(0, 12), gzip)],
    [
      "in another encoding",
      415,
      "unsupported-content-encoding",
      () => sendBody("{}", { "content-encoding": "br" }),
    ],
    [
      "of another type",
      415,
      "unsupported-content-type",
      () => sendBody("{}", { "content-type": "application/json" }),
    ],
    [
      "with a broken Previous-Line",
      400,
      "bad-previous-line",
      () => send([sample(1)], { "previous-line": "1:x" }),
    ],
  ])("%s: %i %s", async (_, status, type, request) => {
    const answer = await request();
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body).toMatchObject({ type, status, title: expect.any(String) as string });
    expect((await position()).body).toMatchObject({ next: 1, boot: null, last: null });
  });

  it("says what its sender needs to go on", async () => {
    await send(samples(1, 3));
    expect((await send([sample(9)])).body).toMatchObject({ expected: 4 });
    expect((await send(samples(4, 500))).body).toMatchObject({
      maxEvents: 250,
      maxBytes: 1_048_576,
    });
    const broken = [sample(4), line(5, "machine.booted"), sample(6, { cpuPercent: -1 })];
    expect((await send(broken)).body).toMatchObject({
      rejected: [
        { seq: 5, reason: expect.any(String) as string },
        { seq: 6, reason: expect.any(String) as string },
      ],
    });
  });

  it("is told that it is of another history", async () => {
    await send(samples(1, 3));
    const answer = await send([sample(4)], { "previous-line": `3:${"0".repeat(32)}` });
    expect(answer).toMatchObject({ status: 409, body: { type: "fork" } });
    expect(answer.body).not.toHaveProperty("expected");
    expect(await send([sample(3, { cpuPercent: 9 })])).toMatchObject({ body: { type: "fork" } });
  });
});

describe("an address", () => {
  const call = (path: string, method = "GET") =>
    fetch(`${worker.url}${path}`, { method, headers: { authorization: `Bearer ${token}` } });

  it.each([
    ["/", 404],
    ["/v1/journals", 404],
    [`/v1/journals/${journalId}/`, 404],
    ["/v1/journals/no-uuid", 404],
    ["/v1/journals/..%2f..%2fetc", 404],
    [`/v1/journals/${journalId}'--`, 404],
    ["/health", 200],
  ])("%s is %i", async (path, status) => {
    expect((await call(path)).status).toBe(status);
  });

  it.each([
    [`/v1/journals/${journalId}/events`, "GET", "POST"],
    [`/v1/journals/${journalId}`, "DELETE", "GET, HEAD"],
    ["/v1/machines/m1", "POST", "GET, HEAD"],
    ["/health", "PUT", "GET, HEAD"],
  ])("%s does not take %s", async (path, method, allow) => {
    const answer = await call(path, method);
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, allow]);
  });

  it("of a journal is the same in capitals", async () => {
    await send(samples(1, 2));
    const answer = await get(worker, `/v1/journals/${journalId.toUpperCase()}`, token);
    expect(answer.body).toMatchObject({ next: 3 });
    expect(worker.delivered.at(-1)?.blobs[7]).toBe(`${journalId}:2`);
  });
});

describe("a token", () => {
  const statusWith = async (authorization: string) => {
    const answer = await fetch(`${worker.url}/v1/journals/${journalId}/events`, {
      method: "POST",
      body: "not looked at",
      headers: { authorization, "content-type": "text/plain" },
    });
    return [answer.status, ((await answer.json()) as { type: string }).type];
  };

  it("is looked at before the body", async () => {
    expect(await statusWith("")).toEqual([401, "no-token"]);
    expect(await statusWith("Bearer a.b.c")).toEqual([401, "bad-token"]);
    const expired = await worker.sign({ sub: "m", aud: "ingest" }, { expiresIn: 1_000_000 });
    expect(await statusWith(`Bearer ${expired}`)).toEqual([401, "expired-token"]);
    const viewer = await worker.sign({ org: "*", aud: "view" });
    expect(await statusWith(`Bearer ${viewer}`)).toEqual([403, "wrong-audience"]);
    const revoked = await worker.machineToken({ sub: "gone" });
    expect(await statusWith(`Bearer ${revoked}`)).toEqual([401, "revoked-token"]);
    expect(await statusWith(`Bearer ${token}`)).toEqual([415, "unsupported-content-type"]);
  });
});
