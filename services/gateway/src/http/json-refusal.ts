/** One entry of a 422's detail, as the contract (section 0) has it. */
export interface WireIssue {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input: unknown;
}

/** Why a text is no JSON that Tollgate takes. */
export class JsonRefusal extends Error {
  override readonly name = 'JsonRefusal';
  constructor(
    readonly type: string,
    /** Where, from the root of the document; for what is no JSON at all, the character. */
    readonly path: readonly (string | number)[],
    message: string,
    /** The offending number as it was written. */
    readonly written?: string,
  ) {
    super(message);
  }
}
