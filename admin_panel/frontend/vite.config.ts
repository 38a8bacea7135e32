import react from "@vitejs/plugin-react";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const COMPRESSED = /\.(js|css|svg)$/;

/** Compress once, as well as it can be done: the server only hands the files out. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    writeBundle({ dir }) {
      if (dir === undefined) throw new Error("there is no folder to compress");
      const files = readdirSync(dir, { recursive: true, encoding: "utf8" });
      for (const file of files.filter((name) => COMPRESSED.test(name)).map((name) => join(dir, name))) {
        const text = readFileSync(file);
        const { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_SIZE_HINT: size } = constants;
        writeFileSync(`${file}.br`, brotliCompressSync(text, { params: { [quality]: 10, [size]: text.length } }));
        writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), compressed()],
  // The server writes another nonce into each answer; styles that the page makes as it goes carry it.
  html: { cspNonce: "NONCE" },
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the policy allows no data: addresses for scripts
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
