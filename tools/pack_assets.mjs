#!/usr/bin/env node
// Packs a directory of built files into one archive that the binary embeds and serves.
//   node tools/pack_assets.mjs DIRECTORY OUTPUT
// The format stands in src/http/assets.h. The same files give the same bytes.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

const CONTENT_TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".yaml": "application/yaml",
  ".webmanifest": "application/manifest+json",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};
const MAGIC = "TOCPACK1";
const IMMUTABLE = 1;
// Vite's own naming: assets/name-HASH.ext with a hash of at least eight characters.
const HASHED_NAME = /^\/assets\/.*-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

function listFiles(directory, prefix = "") {
  return readdirSync(join(directory, prefix), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${prefix}/${entry.name}`;
      return entry.isDirectory() ? listFiles(directory, path) : [path];
    })
    .sort();
}

function loadAsset(directory, path) {
  const bytes = readFileSync(join(directory, path));
  const zipped = gzipSync(bytes, { level: 9 });
  return {
    path,
    type: CONTENT_TYPES[extname(path).toLowerCase()] ?? "application/octet-stream",
    etag: createHash("sha256").update(bytes).digest("hex").slice(0, 20),
    flags: HASHED_NAME.test(path) ? IMMUTABLE : 0,
    bytes,
    gzip: zipped.length < bytes.length * 0.95 ? zipped : Buffer.alloc(0),
  };
}

function text(value) {
  const bytes = Buffer.from(value, "utf8");
  const length = Buffer.alloc(2);
  length.writeUInt16LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function slice(offset, size) {
  const out = Buffer.alloc(16);
  out.writeBigUInt64LE(BigInt(offset), 0);
  out.writeBigUInt64LE(BigInt(size), 8);
  return out;
}

function indexSize(asset) {
  return text(asset.path).length + text(asset.type).length + text(asset.etag).length + 1 + 32;
}

export function pack(assets) {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(assets.length);
  const index = [Buffer.from(MAGIC), count];
  const contents = [];
  let offset = MAGIC.length + 4 + assets.reduce((sum, asset) => sum + indexSize(asset), 0);
  const place = (bytes) => {
    const at = slice(offset, bytes.length);
    contents.push(bytes);
    offset += bytes.length;
    return at;
  };
  for (const asset of assets) {
    index.push(text(asset.path), text(asset.type), text(asset.etag), Buffer.from([asset.flags]));
    index.push(place(asset.bytes), place(asset.gzip));
  }
  return Buffer.concat([...index, ...contents]);
}

function main([directory, output]) {
  if (!directory || !output) {
    console.error("usage: node tools/pack_assets.mjs DIRECTORY OUTPUT");
    process.exit(2);
  }
  const assets = listFiles(directory).map((path) => loadAsset(directory, path));
  const archive = pack(assets);
  writeFileSync(`${output}.tmp`, archive);
  renameSync(`${output}.tmp`, output);
  console.log(`${assets.length} files, ${archive.length} bytes in ${output}`);
}

main(process.argv.slice(2));
