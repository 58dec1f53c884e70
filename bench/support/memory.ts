/** What this process uses after garbage collection, in bytes. */
export function memoryInUse(): { used: number; rss: number } {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { used: heapUsed + external, rss };
}
