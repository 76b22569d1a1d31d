// The rooms of the house and the one direction in which they may import (DESIGN.md section 1).
// A room not listed in `may` is closed to the importer. Tests (*.test.ts) live beside the code and may build worlds of their own.
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const test = '\\.test\\.ts$';

module.exports = {
  forbidden: [
    rule('no-circular', 'A cycle has no direction.', {}, { circular: true }),
    rule(
      'domain-is-pure',
      'domain/ imports nothing but itself and zod.',
      { path: '^domain/', pathNot: test },
      { pathNot: ['^domain/', 'node_modules/zod/'] },
    ),
    rule(
      'write-side-inwards',
      'write-side/ imports domain and infra ports.',
      { path: '^write-side/', pathNot: test },
      { path: '^(projections|read-api|gateway|ui)/|^infra/(?!.*port\\.ts$)' },
    ),
    rule(
      'projections-inwards',
      'projections/ imports domain and infra ports.',
      { path: '^projections/', pathNot: test },
      { path: '^(write-side|read-api|gateway|ui)/|^infra/(?!.*port\\.ts$)' },
    ),
    rule(
      'read-api-inwards',
      'read-api/ imports domain, projection definitions and infra ports.',
      { path: '^read-api/', pathNot: test },
      { path: '^(write-side|gateway|ui)/|^infra/(?!.*port\\.ts$)' },
    ),
    rule(
      'gateway-alone',
      'gateway/ imports its own code, the error table and infra ports.',
      { path: '^gateway/', pathNot: test },
      { path: '^(write-side|projections|read-api|ui)/|^domain/(?!errors)|^infra/(?!.*port\\.ts$)' },
    ),
    rule(
      'adapters-inwards',
      'An adapter knows domain types and ports, never an application room.',
      { path: '^infra/(?!local/|cli/|simulation/|bench/|demo/|kill/)', pathNot: test },
      { path: '^(write-side|projections|read-api|gateway|ui)/(?!.*port\\.ts$)' },
    ),
    rule('no-test-imports', 'Product code does not import tests.', { pathNot: test }, { path: test }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc', // TypeScript 7 has no JavaScript API to parse with
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'] },
  },
};
