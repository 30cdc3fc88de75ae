import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Everything stands in files of its own, as the Content-Security-Policy wants it.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/stook/server/page_files",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
});
