import { expect, test } from "vitest";
import { FakeRig } from "./support/fake-rig.ts";
import { journalId, lineAt, linesOf, transitionAt } from "./support/journal-files.ts";

/** What a real server answers where it holds another history. */
const fork = { status: 409, body: JSON.stringify({ type: "/problems/fork", title: "Fork" }) };

/** A live shipper that has caught up with ten lines. */
async function caughtUp(rig: FakeRig): Promise<string> {
  const path = rig.write(1, linesOf(1, 10));
  rig.start();
  await rig.pass(5_000);
  return path;
}

test("one answer that calls it another history is no fork: where the server is decides", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  let told = 0;
  rig.world.fault = ({ method }) => {
    if (method !== "POST" || told > 0) return undefined;
    told += 1;
    return fork;
  };
  rig.append(path, transitionAt(11));
  await rig.pass(5_000);
  await rig.stopped();
  expect(told).toBe(1);
  expect(rig.journal.next).toBe(12);
  expect(rig.checkpoint()).toMatchObject({ shipAs: journalId, next: 12 });
  expect([...rig.world.journals.keys()]).toEqual([journalId]);
});

test("a server that says so again means it, even where its position does not show it", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  rig.world.fault = ({ method, journal }) =>
    method === "POST" && journal === journalId ? fork : undefined;
  rig.append(path, transitionAt(11));
  await rig.pass(10_000);
  await rig.stopped();
  expect(rig.checkpoint().shipAs).not.toBe(journalId);
  expect(rig.checkpoint().next).toBe(12);
});

test.each([
  ["a cut answer", { status: 200, body: '{"next":1' }],
  ["an answer of another program", { status: 200, body: '{"ok":true}' }],
  ["a position that is no number", { status: 200, body: '{"next":"12"}' }],
  ["a position below 1", { status: 200, body: '{"next":0}' }],
  ["a page", { status: 200, body: "<!doctype html><title>Welcome</title>" }],
  ["nothing", { status: 204, body: "" }],
  ["a gateway's 502", { status: 502, body: "<html>Bad Gateway</html>" }],
  ["a 503 that says when", { status: 503, retryAfter: "1", body: "" }],
  ["a 503 that says nonsense", { status: 503, retryAfter: "soon", body: "{}" }],
  ["a 429", { status: 429, body: "" }],
  ["a 409 that says nothing", { status: 409, body: "<html>" }],
  ["a 413 that says nothing", { status: 413, body: "" }],
  ["a 413 that says nonsense", { status: 413, body: '{"maxEvents":0,"maxBytes":-1}' }],
  ["a 422 that names positions of others", { status: 422, body: '{"rejected":[{"seq":999}]}' }],
  ["a 400", { status: 400, body: "" }],
])("%s, once for each request, costs time and nothing else", async (_what, answer) => {
  const rig = new FakeRig();
  const seen = new Set<string>();
  rig.world.fault = ({ method, lines }) => {
    const request = `${method} ${lines[0] ?? ""}`;
    if (seen.has(request) || seen.size > 8) return undefined;
    seen.add(request);
    return answer;
  };
  const lines = linesOf(1, 40);
  rig.write(1, lines);
  await rig.once({ maxEvents: 10 });
  expect([...rig.journal.folded.values()]).toEqual(lines);
  expect(rig.journal.losses).toEqual([]);
  expect(rig.checkpoint().next).toBe(41);
});

test("a pace of next to nothing is kept to for minutes, not for years", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  rig.world.pace = 1e-9;
  rig.append(path, transitionAt(11));
  await rig.pass(2_000);
  rig.append(path, transitionAt(12));
  await rig.pass(301_000);
  expect(rig.journal.next).toBe(13);
  await rig.stopped();
});

test("the last words of a machine that is being destroyed do not wait for the pace", async () => {
  const rig = new FakeRig();
  rig.world.pace = 0.1;
  const path = await caughtUp(rig);
  rig.append(path, transitionAt(11), lineAt(12, { type: "machine.stopped" }));
  await rig.pass(1_000);
  expect(rig.journal.next).toBe(11);
  await rig.stopped();
  expect(rig.journal.next).toBe(13);
});

test("an answer that takes a position back is asked about before it is believed", async () => {
  const rig = new FakeRig();
  const path = await caughtUp(rig);
  let lied = false;
  rig.world.fault = ({ method }) => {
    if (method !== "POST" || lied) return undefined;
    lied = true;
    return {
      rewrite: (reply) => ({ ...reply, body: { ...reply.body, next: 4 } }),
    };
  };
  rig.append(path, transitionAt(11));
  await rig.pass(5_000);
  await rig.stopped();
  expect(lied).toBe(true);
  expect(rig.journal.next).toBe(12);
  expect(rig.checkpoint().next).toBe(12);
});
