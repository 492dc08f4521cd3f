// Copies the viewer's files and our page into dist/, which the build packs into the binary.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const viewer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const dist = join(here, 'dist');

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png', 'LICENSE', 'NOTICE']) {
  copyFileSync(join(viewer, file), join(dist, file));
}
for (const file of ['index.html', 'viewer.js', 'viewer.css']) {
  copyFileSync(join(here, file), join(dist, file));
}
