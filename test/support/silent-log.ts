import type { Log } from '../../adapters/contract/index.ts';

/** A log that keeps its lines for assertions. */
export function silentLog(lines: { level: string; facts: object; message: string }[] = []): Log & {
  lines: { level: string; facts: object; message: string }[];
} {
  const at = (level: string) => (facts: object, message: string) => void lines.push({ level, facts, message });
  return {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => silentLog(lines),
  };
}
