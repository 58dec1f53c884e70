/** Modules of white around a code: what its standard demands. */
const quiet = 4;

/** A QR code as an SVG path of unit squares. The library is fetched when the first code is drawn. */
export async function qrPath(content: string): Promise<{ size: number; path: string }> {
  const { encode } = await import('uqr');
  const { data, size } = encode(content, { ecc: 'M', border: quiet });
  const runs: string[] = [];
  for (const [y, row] of data.entries()) {
    for (let x = 0; x < size; x++) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x += 1;
      runs.push(`M${from} ${y}h${x - from + 1}v1H${from}z`);
    }
  }
  return { size, path: runs.join('') };
}
