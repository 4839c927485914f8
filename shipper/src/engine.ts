/**
 * What the engine under the shipper costs while nothing happens. Waiting, it runs interpreted:
 * the code of V8's compilers is then never touched, which keeps 2.5 MB out of memory. With a
 * backlog it compiles, and is four times as fast.
 */
export interface Engine {
  /** There is a backlog. */
  hurry(): void;
  /** There is nothing to do. */
  rest(): void;
}

/** Least time between two collections, ms: each takes some 6 ms, so they stay at 0.02 % of a core. */
const collectEveryMs = 30_000;
/** How long nothing has happened before the first collection, ms: a beginning leaves the most behind. */
const settledMs = 3_000;
/** Growth of the heap that makes a collection worth its while, bytes. */
const worthwhileBytes = 1024 * 1024;

/** The compilers worth their memory with a backlog. */
const compilers = ["opt", "sparkplug"];

/**
 * The engine this process runs on. For a program's own process only: V8's flags are everyone's in it.
 *
 * @param parses whether every line is parsed, which is where most memory would go: it is kept small
 *   then, as it is where it was started to wait all day. Otherwise V8's flags stay as they are: Node's
 *   own modules come ready compiled only to those, and a change on the way costs more than it brings
 */
export function nodeEngine(mono: () => number, parses: boolean): Engine {
  const collect = globalThis.gc;
  const lean = process.execArgv.includes("--no-opt");
  if (lean || parses) keepSmall();
  if (collect === undefined || !lean) return { hurry: () => undefined, rest: () => undefined };
  const v8 = process.getBuiltinModule("node:v8");
  let hurrying = false;
  let collectAtMs = mono() + settledMs;
  let leftBytes = 0;
  return {
    hurry() {
      if (hurrying) return;
      hurrying = true;
      for (const compiler of compilers) v8.setFlagsFromString(`--${compiler}`);
    },
    rest() {
      const nowMs = mono();
      if (hurrying) {
        collectAtMs = nowMs + settledMs;
        for (const compiler of compilers) v8.setFlagsFromString(`--no-${compiler}`);
      }
      hurrying = false;
      const { total_heap_size: heapBytes } = v8.getHeapStatistics();
      if (nowMs < collectAtMs || heapBytes - leftBytes < worthwhileBytes) return;
      collectAtMs = nowMs + collectEveryMs;
      // This flavour also gives the pages back to the system.
      collect({ type: "major", execution: "sync", flavor: "last-resort" });
      leftBytes = v8.getHeapStatistics().total_heap_size;
    },
  };
}

function keepSmall(): void {
  const v8 = process.getBuiltinModule("node:v8");
  // The young generation stays as small as it begins: what is large lives in buffers, not in the heap.
  v8.setFlagsFromString("--semi-space-growth-factor=1");
  // Where there is much to compile, this compiler takes 20 MB and makes nothing faster in the end.
  v8.setFlagsFromString("--no-maglev");
  // Collected before the heap has half as much again: else a busy machine puts it off until 17 MB more
  // lie about, buffers among them that the heap does not count.
  v8.setFlagsFromString("--heap-growing-percent=30");
}
