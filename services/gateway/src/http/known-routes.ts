/** Which methods a path has, so that a wrong one is told from a wrong path. */
export class KnownRoutes {
  private readonly routes: { readonly segments: readonly string[]; readonly methods: readonly string[] }[] = [];

  add(pattern: string, methods: readonly string[]): void {
    this.routes.push({ segments: pattern.split('/'), methods });
  }

  /** Empty for a path that no route has. */
  methodsOf(url: string): readonly string[] {
    const segments = (url.split('?')[0] ?? '').split('/');
    const matching = this.routes.filter((route) => matches(route.segments, segments));
    return [...new Set(matching.flatMap(({ methods }) => methods))].sort();
  }
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]))
  );
}
