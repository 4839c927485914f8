import type { ShipperFile, World } from "../../src/world.ts";

/**
 * A world that a process lives in until it is killed: from then on nothing it asks for happens
 * or comes back, and no timer of its rings. What was on disk stays as it was.
 */
export function mortal(world: World, died: AbortSignal): World {
  const alive = <Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>) => {
    return (...args: Args): Promise<Result> =>
      died.aborted ? never() : act(...args).then((result) => (died.aborted ? never() : result));
  };
  const { fs, clock } = world;
  const file = (real: ShipperFile): ShipperFile => ({
    read: alive((...args) => real.read(...args)),
    write: alive((...args) => real.write(...args)),
    stat: alive(() => real.stat()),
    sync: alive(() => real.sync()),
    close: alive(() => real.close()),
  });
  return {
    ...world,
    clock: {
      now: () => clock.now(),
      mono: () => clock.mono(),
      after: (ms, callback) =>
        clock.after(ms, () => {
          if (!died.aborted) callback();
        }),
    },
    fs: {
      readdir: alive((path) => fs.readdir(path)),
      stat: alive((path) => fs.stat(path)),
      open: alive(async (...args) => file(await fs.open(...args))),
      readFile: alive((path) => fs.readFile(path)),
      mkdir: alive((...args) => fs.mkdir(...args)),
      rename: alive((...args) => fs.rename(...args)),
    },
    request: alive((request, signal) => world.request(request, signal)),
    watch: (dir, onChange) => world.watch(dir, onChange),
    gzip: alive((bytes) => world.gzip(bytes)),
    random: () => world.random(),
    log: world.log,
  };
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
