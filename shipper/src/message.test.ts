import { JournalNotFoundError } from "pidnap-journal";
import { expect, test } from "vitest";
import { messageOf } from "./message.ts";

test("an error of the disk says what to look at, one of the program only what it is", () => {
  const system = Object.assign(new Error("EACCES: permission denied, scandir '/x'"), {
    code: "EACCES",
    syscall: "scandir",
  });
  expect(messageOf(system)).toMatch(/^pidnap-shipper: EACCES: .*'\/x'\. Check that .+\.$/);
  expect(messageOf(new Error("no."))).toBe("pidnap-shipper: no.");
  expect(messageOf(new JournalNotFoundError("/x"))).toContain("Name the directory");
});
