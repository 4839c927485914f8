import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cgroupDir } from "../src/attach/resources/cgroup.ts";
import { cpuPercentBetween, parseProcStat } from "../src/attach/resources/cpu.ts";
import { diskFigures } from "../src/attach/resources/disk.ts";
import { parseMeminfo } from "../src/attach/resources/memory.ts";
import { takeReading, type Reading } from "../src/attach/resources/reading.ts";
import { sampleBetween } from "../src/attach/resources/sample.ts";
import { nodeAttachWorld } from "../src/attach/world.ts";
import { eventSchema } from "../src/event.ts";

/** The files of a machine at one moment, as `head` writes several. */
function recorded(name: string): Map<string, string> {
  const text = readFileSync(join(import.meta.dirname, "machines", `${name}.txt`), "utf8");
  const files = new Map<string, string>();
  for (const [, path = "", content = ""] of text.matchAll(
    /^==> (\S+) <==\n((?:(?!==> ).*\n)*)/gm,
  )) {
    files.set(path, content);
  }
  return files;
}

function readingOf(files: ReadonlyMap<string, string>, takenMs: number): Promise<Reading> {
  return takeReading(
    {
      monotonicNow: () => takenMs,
      diskOf: async () => ({ bsize: 4096, blocks: 1_000_000, bfree: 400_000, bavail: 350_000 }),
      readText: async (path) => {
        const text = files.get(path);
        if (text === undefined) throw Object.assign(new Error(path), { code: "ENOENT" });
        return text;
      },
    },
    "/journal",
  );
}

/** What the ten seconds between a machine's two recordings were. */
async function sampleOf(machine: string): Promise<unknown> {
  const before = await readingOf(recorded(`${machine}.before`), 1000);
  const after = await readingOf(recorded(`${machine}.after`), 11_000);
  return sampleBetween(before, after);
}

const disk = { diskUsedPercent: 63.16, diskTotalMb: 3906.25 };

describe("a sample of", () => {
  test("an old kernel with cgroup v1 has neither pressure nor a cgroup", async () => {
    expect(await sampleOf("linux-3.10-cgroup-v1")).toEqual({
      type: "resources.sampled",
      cpuPercent: 25,
      // 1884188 - (268352 + 148408 + 912644) kB
      memoryUsedMb: 541.78,
      memoryTotalMb: 1840.03,
      ...disk,
      load1: 1.25,
      swapUsedMb: 12.55,
      networkRxBytes: 100_000,
      networkTxBytes: 1000,
    });
  });

  test("a container has the cgroup's figures beside the host's, while CPUs come and go", async () => {
    expect(await sampleOf("linux-5.15-container")).toEqual({
      type: "resources.sampled",
      // Of cpu0, cpu1 and cpu2, which were there all the time: half, none, all.
      cpuPercent: 50,
      memoryUsedMb: 8000,
      memoryTotalMb: 16_000,
      ...disk,
      load1: 2.1,
      swapUsedMb: 0,
      // 4 s of 10 s on 4 CPUs.
      cgroupCpuPercent: 10,
      cgroupMemoryMb: 450,
      cgroupMemoryLimitMb: 512,
      cgroupThrottledPercent: 25,
      cgroupOomKills: 1,
      memoryPressurePercent: 1,
      cpuPressurePercent: 50,
      ioPressurePercent: 10,
      networkRxBytes: 250_000,
      networkTxBytes: 10_000,
    });
  });

  test("a service in a cgroup without limits leaves out what is not there", async () => {
    expect(await sampleOf("linux-6.8-service")).toEqual({
      type: "resources.sampled",
      // 250 + 125 + 45 of 1000 ticks, of which 600 were idle; iowait went back by 20.
      cpuPercent: 42,
      memoryUsedMb: 488.5,
      memoryTotalMb: 977,
      ...disk,
      load1: 0,
      swapUsedMb: 512,
      cgroupCpuPercent: 25,
      cgroupMemoryMb: 50,
      networkRxBytes: 1000,
      networkTxBytes: 500,
    });
  });

  test("a v1 host with a v2 tree beside it has no cgroup", async () => {
    const sample = await sampleOf("linux-6.18-hybrid");
    expect(sample).toMatchObject({ cpuPercent: 75, cpuPressurePercent: 100, networkRxBytes: 0 });
    expect(Object.keys(sample as object).filter((name) => name.startsWith("cgroup"))).toEqual([]);
  });

  test("this machine is a valid event", async () => {
    const world = nodeAttachWorld();
    const before = await takeReading(world, "/tmp");
    // The counters of /proc go in hundredths of a second.
    for (;;) {
      const sample = sampleBetween(before, await takeReading(world, "/tmp"));
      if (sample === undefined) continue;
      const head = { v: 1, seq: 1, at: 1, mono: 1, boot: "b" };
      expect(eventSchema.parse({ ...head, ...sample })).toMatchObject(sample);
      return;
    }
  });
});

describe("no sample is made", () => {
  test("where no time has passed", async () => {
    const reading = await readingOf(recorded("linux-5.15-container.before"), 1000);
    expect(sampleBetween(reading, reading)).toBeUndefined();
    expect(sampleBetween(reading, { ...reading, takenMs: 2000 })).toBeUndefined();
  });

  test("where the machine does not say what every sample has", async () => {
    for (const missing of ["/proc/stat", "/proc/meminfo"]) {
      const files = recorded("linux-5.15-container.before");
      files.delete(missing);
      const before = await readingOf(files, 1000);
      const after = await readingOf(files, 2000);
      expect(sampleBetween(before, after)).toBeUndefined();
    }
  });
});

test("every file but those two can be missing alone", async () => {
  const paths = [...recorded("linux-5.15-container.before").keys()].filter(
    (path) => path !== "/proc/stat" && path !== "/proc/meminfo",
  );
  for (const missing of paths) {
    const [before, after] = ["before", "after"].map((moment) => {
      const files = recorded(`linux-5.15-container.${moment}`);
      files.delete(missing);
      return files;
    });
    const sample = sampleBetween(await readingOf(before!, 0), await readingOf(after!, 10_000));
    expect(sample).toMatchObject({ cpuPercent: 50, memoryUsedMb: 8000 });
    for (const value of Object.values(sample ?? {})) expect(value).not.toBeNaN();
  }
});

describe("a cgroup's directory", () => {
  const mount = (root: string, point: string): string =>
    `31 24 0:27 ${root} ${point} rw shared:9 - cgroup2 cgroup2 rw\n`;

  test.each([
    ["0::/\n", mount("/", "/sys/fs/cgroup"), "/sys/fs/cgroup"],
    ["0::/a.slice/b.scope\n", mount("/", "/sys/fs/cgroup"), "/sys/fs/cgroup/a.slice/b.scope"],
    ["0::/docker/4f\n", mount("/docker/4f", "/sys/fs/cgroup"), "/sys/fs/cgroup"],
    ["0::/docker/4f/x\n", mount("/docker/4f", "/cg"), "/cg/x"],
    [
      String.raw`0::/my slice`,
      mount(String.raw`/`, String.raw`/sys/fs/c\040g`),
      "/sys/fs/c g/my slice",
    ],
    ["3:cpu:/x\n0::/y\n", mount("/", "/sys/fs/cgroup/unified"), "/sys/fs/cgroup/unified/y"],
  ])("of %j", (cgroup, mountinfo, expected) => {
    expect(cgroupDir(cgroup, mountinfo)).toBe(expected);
  });

  test.each([
    ["1:cpu:/x\n", mount("/", "/sys/fs/cgroup")],
    ["0::/../other\n", mount("/", "/sys/fs/cgroup")],
    ["0::/docker/other\n", mount("/docker/4f", "/sys/fs/cgroup")],
    ["0::/\n", "31 24 0:27 / /sys/fs/cgroup rw - cgroup cgroup rw,cpu\n"],
    ["", ""],
  ])("cannot be seen from %j", (cgroup, mountinfo) => {
    expect(cgroupDir(cgroup, mountinfo)).toBeUndefined();
  });
});

test("parsers say nothing of what they do not know", () => {
  expect(parseProcStat("cpu  1 2 3 4\nintr 5\n")).toBeUndefined();
  expect(parseProcStat("cpu0 a b c d\n")).toBeUndefined();
  expect(parseMeminfo("MemFree: 5 kB\n")).toBeUndefined();
  expect(parseMeminfo("")).toBeUndefined();
});

test("a CPU's counters that began anew do not count", () => {
  const before = parseProcStat("cpu0 500 0 500 9000\ncpu1 100 0 0 900\n")!;
  const after = parseProcStat("cpu0 10 0 10 10\ncpu1 150 0 0 950\n")!;
  expect(cpuPercentBetween(before, after)).toBe(50);
});

test("a file system is full where nothing is left to those who are not root", () => {
  expect(diskFigures({ bsize: 1, blocks: 100, bfree: 5, bavail: 0 }).diskUsedPercent).toBe(100);
  expect(diskFigures({ bsize: 1, blocks: 0, bfree: 0, bavail: 0 }).diskUsedPercent).toBe(0);
});
