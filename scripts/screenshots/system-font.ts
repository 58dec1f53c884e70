import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findOrInstall } from '../../test/support/debian.ts';

/**
 * What `system-ui` is on a bare Debian is a font nobody has on their screen. Answers the path of a fontconfig file
 * that puts Inter there, which is near to what people's systems bring. For `FONTCONFIG_FILE`.
 */
export async function interAsSystemFont(folder: string): Promise<string> {
  findOrInstall('the Inter font', () => ['/usr/share/fonts/opentype/inter/Inter-Regular.otf'], ['fonts-inter']);
  const path = join(folder, 'fonts.conf');
  await writeFile(
    path,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
      ${['system-ui', 'sans-serif', 'sans', 'DejaVu Sans']
        .map(
          (family) => `<match target="pattern"><test qual="first" name="family"><string>${family}</string></test>
        <edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>`,
        )
        .join('')}
      <include>/etc/fonts/fonts.conf</include>
    </fontconfig>`,
  );
  return path;
}
