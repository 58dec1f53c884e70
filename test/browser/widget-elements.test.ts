/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { globSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, relative } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleModules } from '../../scripts/build/bundle.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';

/** Every `*.story.ts` beside an element: its states, each shown in Chromium in both themes and checked by axe. */
const root = join(import.meta.dirname, '../..');
const stories = globSync('widget/components/*/*.story.ts', { cwd: root }).sort();
const entry = join(root, '.cache/stories.ts');
let server: Server;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  await mkdir(dirname(entry), { recursive: true });
  const from = (path: string) => relative(dirname(entry), join(root, path));
  await writeFile(
    entry,
    `${stories.map((path, index) => `import * as story${index} from '${from(path)}';`).join('\n')}
    import { html, LitElement, render } from 'lit';
    import { tokens } from '${from('widget/theme/tokens.styles.ts')}';
    class StoryStage extends LitElement { static styles = tokens; render() { return html\`<slot></slot>\` } }
    customElements.define('story-stage', StoryStage);
    const all = [${stories.map((path, index) => `['${path}', story${index}]`).join(', ')}];
    globalThis.stories = Object.fromEntries(all.flatMap(([path, module]) =>
      Object.values(module).flatMap((states) => Object.entries(states).map(([name, content]) => [path.split('/').pop().split('.')[0] + ': ' + name, content]))));
    globalThis.show = async (name, theme) => {
      const stage = document.createElement('div');
      document.body.replaceChildren(stage);
      render(html\`<story-stage theme=\${theme}>\${globalThis.stories[name]}</story-stage>\`, stage);
      document.body.style.background = theme === 'dark' ? '#14171c' : '#fff';
      await new Promise((resolve) => setTimeout(resolve, 60));
    };`,
  );
  const [file] = await bundleModules({ stories: entry }, { minify: false });
  server = createServer((request, response) => {
    const script = request.url === '/stories.js';
    response.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html; charset=utf-8' });
    response.end(
      script
        ? file?.code
        : '<!doctype html><html lang="en"><title>Stories</title><body></body><script type="module" src="/stories.js"></script></html>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launchChromium();
  page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await page.waitForFunction(() => 'show' in globalThis);
});

afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(entry, { force: true });
});

test('every element has a story', () => {
  const folders = globSync('widget/components/*/index.ts', { cwd: root }).map(dirname).sort();
  expect(stories.map(dirname)).toEqual(folders);
});

test.each(['light', 'dark'])('axe finds nothing wrong with any story in the %s', async (theme) => {
  const names = await page.evaluate(() => Object.keys((globalThis as unknown as { stories: object }).stories));
  expect(names.length).toBeGreaterThan(15);
  const faults: Record<string, string[]> = {};
  for (const name of names) {
    await page.evaluate(
      ([story, look]) =>
        (globalThis as unknown as { show(story: string, look: string): Promise<void> }).show(
          story as string,
          look as string,
        ),
      [name, theme],
    );
    const found = await accessibilityFaults(page, 'body');
    if (found.length > 0) faults[name] = found;
  }
  expect(faults).toEqual({});
});
