/** The command was called wrongly; shown with its help, if there is any, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  constructor(
    message: string,
    readonly help = '',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
