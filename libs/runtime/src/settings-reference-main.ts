import { writeFileSync } from 'node:fs';
import { SETTINGS_PAGE, settingsReference, settingsReferenceIsCurrent } from './settings-reference.js';

/** Writes docs/settings.md, or with `--check` fails when it is not what the schema says. */
function main(mode: string | undefined): void {
  if (mode !== '--check') {
    writeFileSync(SETTINGS_PAGE, settingsReference());
  } else if (!settingsReferenceIsCurrent()) {
    process.stderr.write('docs/settings.md is not what the schema says: npm run docs:settings\n');
    process.exitCode = 1;
  }
}

main(process.argv[2]);
