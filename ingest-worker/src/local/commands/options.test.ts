import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { readFolder, readPort, readUrl } from "./options.ts";
import { printable } from "./printable.ts";
import { runPs } from "./ps.ts";
import { runSql } from "./sql.ts";
import { runToken } from "./token.ts";

describe("options of the command", () => {
  it("reads ports, and refuses what is none", () => {
    expect([readPort("0"), readPort("8787"), readPort("65535")]).toEqual([0, 8787, 65_535]);
    for (const text of ["", "many", "-1", "65536", "80.5", "0x50"]) {
      expect(() => readPort(text), text).toThrow(UsageError);
    }
  });

  it("reads addresses of the web alone", () => {
    expect(readUrl("http://127.0.0.1:1").origin).toBe("http://127.0.0.1:1");
    for (const text of ["", "nowhere", "file:///etc/passwd", "localhost:8787"]) {
      expect(() => readUrl(text), text).toThrow(UsageError);
    }
  });

  it("makes folders absolute", () => {
    expect(readFolder(".data")).toBe(`${process.cwd()}/.data`);
    expect(() => readFolder(" ")).toThrow(UsageError);
  });

  it("wants a viewer's token without a machine, and a ttl that lasts", async () => {
    const given = { data: "/nowhere", ttl: "30d" };
    await expect(runToken({ ...given, view: true, machine: "m" })).rejects.toThrow(UsageError);
    await expect(runToken({ ...given, view: true, ttl: "0d" })).rejects.toThrow(UsageError);
    await expect(runToken({ ...given, view: true })).rejects.toMatchObject({ code: "KEYS" });
  });

  it("wants a machine to ask about", async () => {
    const asked = runPs("", { url: "http://127.0.0.1:1", data: "/nowhere" });
    await expect(asked).rejects.toThrow(UsageError);
  });

  it("asks Cloudflare only with a token and an account", async () => {
    const asked = runSql("SELECT 1", { url: "https://api.cloudflare.com" }, {});
    await expect(asked).rejects.toThrow(/CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID/);
  });
});

describe("text for a terminal", () => {
  it("shows what would steer it", () => {
    expect(printable("a\u001b[31mb\nc\u0085\u202e€\u{1F600}")).toBe(
      "a\\u001b[31mb\\u000ac\\u0085\\u202e€\u{1F600}",
    );
  });
});
