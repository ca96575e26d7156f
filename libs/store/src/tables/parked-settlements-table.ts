/** What an operator said of a parked input; the first word counts. */
export interface ParkedSettlementsTable {
  stage: string;
  stream: string;
  seq: number;
  idx: number;
  says: 'executed' | 'failed' | 'nothing';
  note: string | null;
  at: Date;
}
