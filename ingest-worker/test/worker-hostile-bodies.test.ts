import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { hostileMachine, path, text } from "./_hostile.ts";
import { goes, journalId, line, lost, sample, startAt } from "./_lines.ts";
import { post } from "./_post.ts";
import { sendRaw } from "./_raw.ts";

const hostile = hostileMachine();
const { expectUntouched, position, sendBody } = hostile;

const bytes = (buffer: Uint8Array) => new Uint8Array(buffer);
/** A sample's line with another text in the place of one field. */
const edited = (from: string, to: string) => `${JSON.stringify(sample(1)).replace(from, to)}\n`;

describe("lengths and framing", () => {
  const head = (...headers: string[]) =>
    [
      `POST ${path} HTTP/1.1`,
      "Host: x",
      `Authorization: Bearer ${hostile.token}`,
      "Content-Type: application/x-ndjson",
      "Connection: close",
      ...headers,
      "\r\n",
    ].join("\r\n");
  const body = text(sample(1), sample(2));

  it("a Content-Length that promises a gigabyte is refused before it comes", async () => {
    const answer = await sendRaw(hostile.worker.url, [head("Content-Length: 1000000000"), body]);
    expect(answer).toEqual({ status: 413, type: "too-large" });
    await expectUntouched();
  });

  it("a Content-Length that is too short makes a batch of what it covers, or none", async () => {
    const answer = await sendRaw(hostile.worker.url, [
      head(`Content-Length: ${body.length - 9}`),
      body,
    ]);
    expect(answer).toEqual({ status: 400, type: "not-ndjson" });
    await expectUntouched();
  });

  it.each(["-1", "1e3", "0x10", "12, 13", "99999999999999999999"])(
    "Content-Length: %s reaches no journal",
    async (length) => {
      const answer = await sendRaw(hostile.worker.url, [head(`Content-Length: ${length}`), body]);
      expect(answer.status).not.toBe(200);
      await expectUntouched();
    },
  );

  it("chunks of one byte are one batch", async () => {
    const chunks = [...Buffer.from(body)].map((byte) => `1\r\n${String.fromCharCode(byte)}\r\n`);
    const all = [head("Transfer-Encoding: chunked"), chunks.join(""), "0\r\n\r\n"];
    expect(await sendRaw(hostile.worker.url, all)).toMatchObject({ status: 200 });
    expect((await position()).body).toMatchObject({ next: 3 });
  });

  it("chunks without an end are cut off where the limit is", async () => {
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    const many = Array.from({ length: 20 }, () => chunk);
    const all = [head("Transfer-Encoding: chunked"), ...many, "0\r\n\r\n"];
    expect(await sendRaw(hostile.worker.url, all)).toEqual({ status: 413, type: "too-large" });
    await expectUntouched();
  });

  it("a length and chunks at once, the way to smuggle a request, reach no journal", async () => {
    const smuggled = `0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n`;
    const both = head(`Content-Length: ${smuggled.length}`, "Transfer-Encoding: chunked");
    await sendRaw(hostile.worker.url, [both, smuggled]);
    await expectUntouched();
  });

  it("chunks whose length is none are an incomplete body", async () => {
    const answer = await sendRaw(hostile.worker.url, [
      head("Transfer-Encoding: chunked"),
      "zz\r\nab\r\n",
    ]);
    expect(answer).toEqual({ status: 408, type: "incomplete-body" });
    await expectUntouched();
  });

  it("a header of 100 KB is no way in", async () => {
    const answer = await sendRaw(hostile.worker.url, [
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
    expect(
      await post(hostile.worker, journalId, [sample(1), sample(2)], { token: hostile.token }),
    ).toMatchObject({
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
    expect(hostile.worker.delivered.slice(-5).map(({ blobs }) => blobs[4])).toEqual([...names, ""]);
    expect(({} as Record<string, unknown>)["seq"]).toBeUndefined();
  });

  it("with -0 give points that SQL can read", async () => {
    await sendBody(edited('"cpuPercent":5', '"cpuPercent":-0'));
    expect(hostile.worker.delivered.at(-1)?.doubles[0]).toBe(0);
  });

  it("with lone surrogates and control characters are stored as they are", async () => {
    const name = "\ud800\u0000\u001b[31m'--";
    const answer = await post(hostile.worker, journalId, [goes(1, name, "idle", "running")], {
      token: hostile.token,
    });
    expect(answer).toMatchObject({ status: 200 });
  });
});
