import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDeclared } from '../channel-server/config/declared-file.ts';
import { sampleData } from './sample-data.ts';

describe('sample data', () => {
  it('is a valid declared configuration', () => {
    const declared = checkDeclared(sampleData, 'sample data');
    expect(declared.accounts.map(({ role }) => role)).toEqual(['agent', 'agent', 'administrator']);
    expect(declared.channels[0]).toMatchObject({ id: 'demo-web', queue: 'support' });
  });
});

describe('demo site', () => {
  const site = join(import.meta.dirname, 'site');

  it('carries the real embed tag on every page, and nothing from elsewhere', async () => {
    const files = (await readdir(site, { recursive: true })).filter((name) => name.endsWith('.html'));
    expect(files.length).toBeGreaterThan(3);
    for (const name of files) {
      const html = await readFile(join(site, name), 'utf8');
      expect(html, name).toContain('<script async src="/widget.js" data-channel="demo-web"></script>');
      expect(html, name).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      expect(html, name).not.toMatch(/ style="|<style/);
    }
  });

  it('links only to pages that exist', async () => {
    const pages = await readdir(site, { recursive: true });
    for (const name of pages.filter((file) => file.endsWith('.html'))) {
      const html = await readFile(join(site, name), 'utf8');
      for (const [, target = ''] of html.matchAll(/href="(\/[^"#]*)(?:#[^"]*)?"/g)) {
        const file = target.endsWith('/') ? `${target}index.html` : target;
        expect(['/desk', ...pages.map((page) => `/${page}`)], `${name} → ${target}`).toContain(file);
      }
    }
  });
});
