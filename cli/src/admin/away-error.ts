/** A server, or a service, of the installation is away or busy: the same again later. Exit code 3. */
export class AwayError extends Error {
  override readonly name = 'AwayError';
}
