import { expect, test } from "vitest";
import { renderConformance } from "./conformance.ts";

test("CONFORMANCE.md is what the tables of the dialect say", async () => {
  await expect(renderConformance()).toMatchFileSnapshot("./CONFORMANCE.md");
});
