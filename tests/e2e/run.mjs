// Runs the browser tests against a running server: BASE_URL=http://127.0.0.1:8000 node tests/e2e/run.mjs
// [--screenshots] also writes docs/screenshots. ONLY=words runs the tests whose name has them. KEEP_SHOTS=folder keeps
// a picture of every failure. RULES_DIR is a directory that the server has as --rules.
import { runAll } from './harness.mjs';
import './queue.mjs';
import './incident.mjs';
import './incident_views.mjs';
import './alert.mjs';
import './operations.mjs';
import './webhook_trust.mjs';
import './hold.mjs';
import './jobs.mjs';
import './audit.mjs';
import './rules.mjs';
import './suppressions.mjs';
import './upload.mjs';
import './enrichment.mjs';
import './long_content.mjs';
import './auto_close.mjs';
import './case_data.mjs';
import './desk.mjs';
import './noise.mjs';
import './layout.mjs';

await runAll();
