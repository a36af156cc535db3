import { describeSuite } from './describe-suite.js';
import { startConformanceUpstream } from './upstream/conformance-upstream.js';

// What is passed through Lethe must be right to begin with.
describeSuite('the upstream fixture by itself', '2025-11-25', () => startConformanceUpstream('both'));
describeSuite('the upstream fixture by itself', '2026-07-28', () => startConformanceUpstream('both'));
