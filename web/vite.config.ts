import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The page travels inside the Python package and is served under a strict Content-Security-Policy:
// nothing inline (no polyfill script, no data: assets) and relative addresses only.
export default defineConfig({
  base: "./",
  plugins: [react()],
  build: {
    outDir: "../src/clearway/web/page",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"], // light-dark() stays as written
    sourcemap: false,
  },
  server: { proxy: { "/api": { target: "http://127.0.0.1:8765", changeOrigin: true } } },
});
