import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{domain,write-side,projections,read-api,gateway,infra}/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
