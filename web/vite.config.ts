import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The widget is a script of another page, whose names are not to meet its own.
const apart = {
  name: "apart",
  renderChunk: (code: string, chunk: { name: string }) =>
    chunk.name === "widget" ? `(() => {\n${code}\n})();\n` : null,
};

// Everything stands in files of its own, as the Content-Security-Policy wants it.
export default defineConfig({
  plugins: [react(), apart],
  build: {
    outDir: "../src/stook/server/page_files",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: { index: "index.html", widget: "src/widget/widget.ts" },
      output: {
        entryFileNames: ({ name }) => (name === "widget" ? "widget.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
});
