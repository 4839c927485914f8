import { hash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { lineHash, uuidV5 } from "./hash.ts";

test("a line's hash is what any other implementation of SHA-256 says", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (line) => {
      expect(lineHash(line)).toBe(hash("sha256", line, "hex").slice(0, 32));
    }),
  );
});

test("an id made of a namespace and a name is that of RFC 9562, appendix A.4", () => {
  const dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
  expect(uuidV5(dns, "www.example.com")).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
});
