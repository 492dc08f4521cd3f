// Runs the browser tests that need people against a server with one admin:
// BASE_URL=http://localhost:8000 ADMIN_PASSWORD=… node tests/e2e/run_access.mjs
import { runAll } from './harness.mjs';
import './sign_in.mjs';
import './admin.mjs';
import './stored_xss.mjs';

await runAll();
