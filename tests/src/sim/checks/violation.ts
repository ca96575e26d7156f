/** A guarantee, or a rule that carries it, that a run broke. */
export interface Violation {
  readonly guarantee: string;
  readonly what: string;
}
