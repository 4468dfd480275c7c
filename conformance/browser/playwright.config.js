// Which browser, which stages, what is kept. Chromium comes from the system's packages, never from a download.
import { defineConfig } from '@playwright/test';

const chromium = process.env.HOMEROOM_CHROMIUM ?? '/usr/bin/chromium';
const twoNodes = Boolean(process.env.HOMEROOM_TEST_POSTGRES_URL && process.env.HOMEROOM_TEST_REDIS_URL);

export default defineConfig({
  testDir: './journeys',
  outputDir: './test-results',
  globalSetup: './stage/setup.js',
  timeout: 90_000,
  expect: { timeout: 20_000 },
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1366, height: 768 },
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    launchOptions: { executablePath: chromium, args: ['--no-sandbox', '--disable-dev-shm-usage'] },
    // What moves for the eye is measured where it ends.
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'one-node', metadata: { stage: 'one' } },
    // On two nodes the journeys are enough: pages and words are the same there.
    ...(twoNodes ? [{ name: 'two-nodes', metadata: { stage: 'two' }, testMatch: /(journey|redirects)\.spec\.js/ }] : []),
  ],
});
