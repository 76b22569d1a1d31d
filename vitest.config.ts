import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{domain,write-side,projections,read-api,gateway,infra}/**/*.test.ts'],
    setupFiles: ['infra/property-seed.ts'],
    reporters: ['default', ['json', { outputFile: 'node_modules/.cache/test-report.json' }]],
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
