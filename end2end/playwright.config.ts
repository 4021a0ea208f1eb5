// Runs the browser tests in the system's Chromium against the real server (FENGTU_BASE, or one that global setup starts).
import { defineConfig } from '@playwright/test';
import { QUICK } from './fixtures/browser.ts';

// How many times longer than usual a test may wait: for a machine that does something else too.
const PATIENCE = Number(process.env.FENGTU_PATIENCE ?? 1);

export default defineConfig({
  testDir: 'tests',
  globalSetup: './fixtures/server.ts',
  fullyParallel: true,
  // Two cores serve the browser, the server and the database.
  workers: 2,
  // In CI a second try, which the report lists as flaky; on a developer's machine a flake shows at once.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000 * PATIENCE,
  expect: { timeout: 10_000 * PATIENCE },
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
  outputDir: 'test-results/traces',
  use: {
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    // A trace of every test takes a third of the machine: one is made of a second try, and of all on request.
    trace: process.env.FENGTU_TRACE ? 'retain-on-failure' : 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: QUICK,
  },
  projects: [
    { name: 'desktop', testIgnore: /phone\.spec/, use: { viewport: { width: 1440, height: 900 } } },
    // What does not depend on the window is tested once.
    { name: 'phone', testMatch: /(phone|portal)\.spec/, use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } },
  ],
});
