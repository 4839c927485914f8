import { createServer } from "node:net";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  askSql,
  makeScratch,
  runCommand,
  startDevProcess,
  type DevProcess,
} from "./_local-command.ts";

const scratch = makeScratch();
const data = join(scratch.dir, "data");
let dev: DevProcess;

beforeAll(async () => {
  dev = await startDevProcess(["--port", "0", "--data", data]);
});

afterAll(async () => {
  await dev.killGroup();
  scratch.remove();
});

describe("pidnap-ingest dev", () => {
  it("says where it answers, once it does", async () => {
    expect(dev.sqlUrl).toBe(`${dev.url}/client/v4/accounts/local/analytics_engine/sql`);
    expect((await fetch(`${dev.url}/health`)).status).toBe(200);
    expect((await askSql(dev.sqlUrl, "SELECT count() AS n FROM machine_metrics")).status).toBe(200);
  });

  it("refuses a port that is taken, in one line", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    const other = join(scratch.dir, "other");
    const ended = await runCommand(["dev", "--port", String(port), "--data", other]);
    taken.close();
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(
      /^pidnap-ingest: Port \d+ on 127\.0\.0\.1 is taken\. .*--port.*\n$/,
    );
    expect(existsSync(other)).toBe(false);
  });

  it("refuses a folder that another one serves, in one line", async () => {
    const ended = await runCommand(["dev", "--port", "0", "--data", data]);
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toMatch(
      new RegExp(`^pidnap-ingest: The data in ${data} is in use by process ${dev.pid}\\. .*\\n$`),
    );
  });

  it("ends in order on SIGTERM, with nothing left running", async () => {
    const folder = join(scratch.dir, "ending");
    await using ending = await startDevProcess(["--port", "0", "--data", folder]);
    ending.signal("SIGTERM");
    expect((await ending.ended).code).toBe(0);
    expect(existsSync(join(folder, "dev.lock"))).toBe(false);
    await expect(fetch(ending.url)).rejects.toThrow("fetch failed");
    expect(groupIsGone(ending.pid)).toBe(true);
  });

  it("takes workerd along when it is killed outright, and starts again on the same port", async () => {
    const folder = join(scratch.dir, "killed");
    const first = await startDevProcess(["--port", "0", "--data", folder]);
    process.kill(first.pid, "SIGKILL");
    await first.ended;
    while (!groupIsGone(first.pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    const port = new URL(first.url).port;
    await using second = await startDevProcess(["--port", port, "--data", folder]);
    expect((await fetch(`${second.url}/health`)).status).toBe(200);
  });

  it("ends with 2 for wrong use, and says what is wrong with what", async () => {
    const uses: [string[], RegExp][] = [
      [["dev", "--port", "0", "--silent-after", "soon"], /--silent-after "soon" is not a duration/],
      [
        ["dev", "--port", "0", "--sample-above", "0"],
        /--sample-above "0" is not a number of points/,
      ],
      [["dev", "--colour"], /unknown option '--colour'/],
      [["token", "--machine", "m"], /needs --machine, --org, --project and --type/],
    ];
    for (const [args, said] of uses) {
      const ended = await runCommand(args);
      expect(ended).toMatchObject({ code: 2, stdout: "" });
      expect(ended.stderr).toMatch(said);
      expect(ended.stderr).not.toMatch(/^ {4}at /m);
    }
  });
});

describe("pidnap-ingest keys and token", () => {
  it("makes a key that only its owner reads, and prints what the Worker verifies with", async () => {
    const folder = join(scratch.dir, "keys-new");
    const made = await runCommand(["keys", "new"], { DATA_DIR: folder });
    expect(made).toMatchObject({ code: 0, stderr: "" });
    const { keys } = JSON.parse(made.stdout) as { keys: Record<string, string>[] };
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0]!).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x"]);
    expect(statSync(join(folder, "keys", "signing-keys.json")).mode & 0o777).toBe(0o600);
    const again = await runCommand(["keys", "new", "--data", folder]);
    expect(again).toMatchObject({ code: 1, stdout: "" });
    expect(again.stderr).toMatch(/keys rotate/);
  });

  it("keeps two keys live when rotated, and signs with the newest", async () => {
    const folder = join(scratch.dir, "keys-rotate");
    const kidsOf = (stdout: string) =>
      (JSON.parse(stdout) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
    const [first] = kidsOf((await runCommand(["keys", "new", "--data", folder])).stdout);
    const [second, old] = kidsOf((await runCommand(["keys", "rotate", "--data", folder])).stdout);
    expect(old).toBe(first);
    const kids = kidsOf((await runCommand(["keys", "rotate", "--data", folder])).stdout);
    expect(kids).toHaveLength(2);
    expect(kids[1]).toBe(second);
    const { stdout } = await runCommand(["token", "--view", "--data", folder]);
    expect(decodeProtectedHeader(stdout.trim()).kid).toBe(kids[0]);
  });

  it("prints tokens that say who the machine is, or what a viewer sees", async () => {
    const claims = ["--machine", "m", "--org", "o", "--project", "p", "--type", "t"];
    const machine = await runCommand(["token", ...claims, "--ttl", "2h", "--data", data]);
    const said = decodeJwt(machine.stdout.trim());
    expect(said).toMatchObject({
      sub: "m",
      org: "o",
      project: "p",
      machineType: "t",
      aud: "ingest",
    });
    expect(said.exp! - said.iat!).toBe(7200);
    const viewer = await runCommand(["token", "--view", "--data", data]);
    expect(decodeJwt(viewer.stdout.trim())).toMatchObject({ org: "*", aud: "view" });
    const long = await runCommand(["token", "--machine", "€".repeat(33), ...claims.slice(2)], {
      DATA_DIR: data,
    });
    expect(long).toMatchObject({ code: 2, stdout: "" });
    expect(long.stderr).toMatch(/more than 96 bytes/);
  });

  it("says where it looked when there are no keys", async () => {
    const ended = await runCommand(["token", "--view", "--data", join(scratch.dir, "none")]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/no signing keys in .*none.*keys new/);
  });
});

describe("pidnap-ingest ps and sql", () => {
  const journal = "0b5bfb10-0000-4000-8000-000000000001";

  beforeAll(async () => {
    const claims = ["--machine", "m", "--org", "o", "--project", "p", "--type", "t"];
    const token = await runCommand(["token", ...claims, "--data", data]);
    const head = { v: 1, at: Date.now(), mono: 1000, boot: "b" };
    const lines = [
      { ...head, seq: 1, type: "segment.opened", journal, processes: {} },
      {
        ...head,
        seq: 2,
        type: "process.transitioned",
        process: "web\u001b[2J",
        from: "idle",
        to: "running",
        restarts: 0,
      },
    ];
    const response = await fetch(`${dev.url}/v1/journals/${journal}/events`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token.stdout.trim()}`,
        "content-type": "application/x-ndjson",
      },
      body: lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
    });
    expect(response.status).toBe(200);
  });

  it("shows a machine's processes, with nothing that could steer a terminal", async () => {
    const table = await runCommand(["ps", "m", "--url", dev.url, "--data", data]);
    expect(table.code).toBe(0);
    expect(table.stdout).toMatch(/web\\u001b\[2J.*running/);
    expect(table.stdout).not.toContain("\u001b");
    const json = await runCommand(["ps", "m", "--url", dev.url, "--data", data, "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      machine: "m",
      journals: [{ journal, next: 3 }],
    });
    const unknown = await runCommand(["ps", "other", "--url", dev.url, "--data", data]);
    expect(unknown).toMatchObject({ code: 1, stdout: "" });
    expect(unknown.stderr).toMatch(/knows no machine "other"/);
  });

  it("prints an answer as a table or as the API gave it", async () => {
    const sql =
      "SELECT blob6 AS state, sum(_sample_interval) AS n FROM machine_metrics GROUP BY blob6";
    const table = await runCommand(["sql", sql, "--url", dev.url]);
    expect(table.stdout).toMatch(/state .* n .*\n.*\n.*running .* 1 .*\n.*\n1 row\n$/);
    const json = await runCommand(["sql", sql, "--url", dev.url, "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      data: [{ state: "running", n: "1" }],
      rows: 1,
    });
    const lines = await runCommand(["sql", `${sql} FORMAT JSONEachRow`, "--url", dev.url]);
    expect(lines.stdout).toBe('{"state":"running","n":"1"}\n');
  });

  it("asks queries of the catalogue by name, and those of the standard input", async () => {
    const named = ["sql", "@processes", "--url", dev.url, "--since", "1h", "--param", "machine=m"];
    const table = await runCommand(named);
    expect(table).toMatchObject({ code: 0, stderr: "" });
    expect(table.stdout).toMatch(/web\\u001b\[2J .* running /);
    const csv = await runCommand([...named, "--csv"]);
    expect(csv.stdout).toMatch(/^process,journal,state,.*\r\nweb.*,running,/);
    const chart = await runCommand(["sql", "@ingest-lag", "--url", dev.url, "--chart"]);
    expect(chart.stdout).toMatch(/^(p50|p95|p99|max)_ms, .* UTC\n/);
    const piped = await runCommand(["sql", "--file", "-", "--url", dev.url], {}, "SELECT 1 AS one");
    expect(piped.stdout).toMatch(/one/);
    const list = await runCommand(["sql", "@"]);
    expect(list.stdout).toMatch(/^ {2}@top-flapping +Which/m);
  });

  it("ends with 2 for a query that there is not, and says which was probably meant", async () => {
    const uses: [string[], RegExp][] = [
      [["@prosesses"], /There is no query @prosesses\. Did you mean @processes\?/],
      [["@exits", "--chart"], /no column of times/],
      [["@exits", "--json", "--csv"], /cannot be used with/],
      [["SELECT 1", "--file", "x"], /a statement and a --file/],
    ];
    for (const [args, said] of uses) {
      const ended = await runCommand(["sql", ...args, "--url", dev.url]);
      expect(ended, args.join(" ")).toMatchObject({ code: 2, stdout: "" });
      expect(ended.stderr).toMatch(said);
    }
  });

  it("says in one line why there is no answer", async () => {
    const refused = await runCommand(["sql", "SELECT nope FROM machine_metrics", "--url", dev.url]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^pidnap-ingest: 422: Input was invalid: .*\n$/);
    const down = await runCommand(["sql", "SELECT 1 AS one", "--url", "http://127.0.0.1:9"]);
    expect(down).toMatchObject({ code: 1, stdout: "" });
    expect(down.stderr).toMatch(/^pidnap-ingest: http:\/\/127\.0\.0\.1:9 did not answer\. .*\n$/);
  });
});

/** Whether no process of a group is left that runs; what nobody has waited for yet does not. */
function groupIsGone(pid: number): boolean {
  try {
    process.kill(-pid, 0);
  } catch {
    return true;
  }
  return processes().every(({ group, state }) => group !== pid || state === "Z");
}

function processes(): { group: number; state: string }[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [{ group: Number(fields[2]), state: fields[0] ?? "" }];
    } catch {
      // It ended while we looked.
      return [];
    }
  });
}
