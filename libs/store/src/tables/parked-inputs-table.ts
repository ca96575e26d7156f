/** Inputs that a stage could not decide (protocol rule 14): where they lie and a code, never their text. */
export interface ParkedInputsTable {
  stage: string;
  stream: string;
  seq: number;
  idx: number;
  tenant: string;
  source: string;
  code: string;
  input_type: string | null;
  call_id: string | null;
  at: Date;
}
