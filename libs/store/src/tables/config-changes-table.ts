/** Every change of CONFIG with the key that made it; `seq` is its sequence there. */
export interface ConfigChangesTable {
  seq: number;
  tenant: string;
  type: string;
  /** Id of the API key; `-` for the installation's own commands. */
  by: string;
  at: Date;
  /** Without secrets, envelopes and hashes of keys. */
  data: unknown;
}
