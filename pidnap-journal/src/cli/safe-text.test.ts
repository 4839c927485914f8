import fc from "fast-check";
import { expect, test } from "vitest";
import { safeJson, safeText } from "./safe-text.ts";

test("shows what a terminal would obey", () => {
  expect(safeText("a\u001b[31mb\u009b\u007f\u202ec\nd")).toBe(
    String.raw`a\x1b[31mb\x9b\x7f\u{202e}c\x0ad`,
  );
});

test("leaves ordinary text of any language alone", () => {
  expect(safeText("wörker 日本語 🙂 שלום")).toBe("wörker 日本語 🙂 שלום");
});

test("JSON stays the same value and holds nothing a terminal obeys", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const json = safeJson({ [text]: [text] });
      expect(JSON.parse(json)).toEqual({ [text]: [text] });
      // oxlint-disable-next-line no-control-regex -- what must not be there
      expect(json).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
    }),
  );
});
