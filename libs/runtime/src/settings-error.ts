/** Wrong wiring: what is missing or wrong, by name, and what it should be. Never a value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'bad_settings';
  readonly messageIsSafe = true;

  constructor(readonly complaints: readonly string[]) {
    super(`the settings do not work:\n${complaints.map((complaint) => `  - ${complaint}`).join('\n')}`);
  }
}
