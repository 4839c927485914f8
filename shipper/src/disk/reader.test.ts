import { Volume, createFsFromVolume } from "memfs";
import { expect, test } from "vitest";
import { openedAt, journalId, lineAt } from "../../test/support/journal-files.ts";
import { lineOfRun } from "../core/frame.ts";
import type { ShipperFs } from "../world.ts";
import { PiecePool } from "./piece-pool.ts";
import { JournalReader } from "./reader.ts";

const first = "/journal/journal-0000000000000001.ndjson";
const second = "/journal/journal-0000000000000003.ndjson";

test("a line written between the end of a segment and the birth of the next is not lost", async () => {
  const disk = createFsFromVolume(new Volume());
  disk.mkdirSync("/journal");
  disk.writeFileSync(first, `${openedAt(1)}\n`);
  const fs = disk.promises as unknown as ShipperFs;
  let lists = 0;
  const racing: ShipperFs = {
    stat: fs.stat.bind(fs),
    open: fs.open.bind(fs),
    readFile: fs.readFile.bind(fs),
    mkdir: fs.mkdir.bind(fs),
    rename: fs.rename.bind(fs),
    readdir: async (path) => {
      lists += 1;
      // The reader has just seen the end of the first segment, and is about to look for the next.
      if (lists === 2) {
        disk.appendFileSync(first, `${lineAt(2)}\n`);
        disk.writeFileSync(second, `${openedAt(3)}\n`);
      }
      return fs.readdir(path);
    },
  };
  const reader = new JournalReader(racing, "/journal", journalId, new PiecePool());
  expect(await seqs(reader)).toEqual([1, 2, 3]);
  await reader.close();
});

test("a segment that is deleted between being listed and being opened is looked for again", async () => {
  const disk = createFsFromVolume(new Volume());
  disk.mkdirSync("/journal");
  disk.writeFileSync(first, `${openedAt(1)}\n${lineAt(2)}\n`);
  disk.writeFileSync(second, `${openedAt(3)}\n`);
  const fs = disk.promises as unknown as ShipperFs;
  const racing: ShipperFs = {
    stat: fs.stat.bind(fs),
    readdir: fs.readdir.bind(fs),
    readFile: fs.readFile.bind(fs),
    mkdir: fs.mkdir.bind(fs),
    rename: fs.rename.bind(fs),
    open: async (path, flags) => {
      if (path === first && disk.existsSync(first)) disk.unlinkSync(first);
      return fs.open(path, flags);
    },
  };
  const reader = new JournalReader(racing, "/journal", journalId, new PiecePool());
  expect(await seqs(reader)).toEqual([3]);
  await reader.close();
});

/** Reads to the tail. */
async function seqs(reader: JournalReader): Promise<number[]> {
  const found: number[] = [];
  for (let piece = await reader.seek(1); ; piece = await reader.read(true)) {
    for (const item of piece.items) {
      if (item.kind === "run") {
        for (const index of item.ends.keys())
          found.push(
            (JSON.parse(Buffer.from(lineOfRun(item, index)).toString()) as { seq: number }).seq,
          );
      }
    }
    if (piece.state === "tail" && found.length > 0) return found;
  }
}
