/** Bounds what one gateway keeps open, for a tenant and in all: a loud tenant leaves room for the others (rule 13). */
export class InFlight {
  private total = 0;
  private readonly perTenant = new Map<string, number>();

  constructor(
    private readonly limit: number,
    private readonly limitPerTenant: number,
  ) {}

  /** Takes a place and answers how to give it back (once); undefined when there is none. */
  enter(tenant: string): (() => void) | undefined {
    const ofTenant = this.perTenant.get(tenant) ?? 0;
    if (this.total >= this.limit || ofTenant >= this.limitPerTenant) return undefined;
    this.total += 1;
    this.perTenant.set(tenant, ofTenant + 1);
    let left = false;
    return () => {
      if (!left) this.leave(tenant);
      left = true;
    };
  }

  private leave(tenant: string): void {
    this.total -= 1;
    const ofTenant = (this.perTenant.get(tenant) ?? 1) - 1;
    if (ofTenant === 0) this.perTenant.delete(tenant);
    else this.perTenant.set(tenant, ofTenant);
  }
}
