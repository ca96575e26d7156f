/* Whether the service in this container is ready, as an exit code: for Docker, which knows nothing else. */
const port = process.env.TOLLGATE_HEALTH_PORT;
const ready = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_500) }).then(
  (answer) => answer.ok,
  () => false,
);
process.exitCode = ready ? 0 : 1;
