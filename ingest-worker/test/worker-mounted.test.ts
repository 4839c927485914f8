import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { journalId, samples } from "./_lines.ts";
import { post } from "./_post.ts";
import { runWorker } from "./_run-worker.ts";

const example = fileURLToPath(new URL("../examples/mounted/worker.js", import.meta.url));

it("a Worker that was there before takes in journals beside what it did", async () => {
  await using worker = await runWorker({ entryPoint: example });
  expect(await (await fetch(`${worker.url}/other`)).text()).toBe("what this Worker did before");
  expect(await post(worker, journalId, samples(1, 3))).toMatchObject({ status: 200 });
  expect(worker.delivered).toHaveLength(3);
  expect((await fetch(`${worker.url}/v1/none`)).status).toBe(404);
});

it("what is mounted brings neither ClickHouse nor workerd nor anything of Node along", async () => {
  const { metafile } = await build({
    entryPoints: [example],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    conditions: ["source", "workerd", "worker", "import"],
    external: ["cloudflare:*"],
  });
  const packages = Object.keys(metafile.inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  expect([...new Set(packages)].toSorted()).toEqual(["hono", "jose", "zod"]);
  expect(Object.keys(metafile.inputs).filter((path) => path.includes("/local/"))).toEqual([]);
});
