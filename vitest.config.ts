import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import type { Reporter, TestModule } from "vitest/node";

/**
 * Prints one closing line of counts, and in CI turns a skipped test into a failure: a test that
 * does not run proves nothing.
 */
const counts: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    const results = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => results.filter((test) => test.result().state === state).length;
    const skipped = count("skipped");
    process.stdout.write(
      `${count("passed")} passed, ${count("failed")} failed, ${skipped} skipped\n`,
    );
    if (skipped > 0 && process.env["CI"] !== undefined) process.exitCode = 1;
  },
};

const conditions = ["source", "node", "import", "module", "default"];
const setupFiles = ["fixtures/test/_fixed-seed.ts"];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
};

export default defineConfig({
  test: {
    reporters: ["default", counts],
    // Much of the suite waits for processes, browsers and workerd: one worker more than there are cores.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        ...shared,
        test: {
          name: "fast",
          include: ["*/{src,test}/**/*.test.ts"],
          setupFiles,
          exclude: ["**/*.slow.test.ts", "**/node_modules/**"],
          // Far beyond what anything takes: a limit for what hangs, not for a machine that is busy.
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        ...shared,
        test: {
          name: "slow",
          include: ["*/{src,test}/**/*.slow.test.ts"],
          setupFiles,
          testTimeout: 600_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
