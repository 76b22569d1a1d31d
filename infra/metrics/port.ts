/** What is counted while the system runs. */
export type Metrics = {
  /** A request was answered; `route` is its pattern. */
  answered(answer: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }): void;
  /** Events were appended to a stream of the category. */
  appended(category: string, events: number): void;
  /** Everything in the Prometheus text format. */
  exposition(): Promise<{ readonly contentType: string; readonly text: string }>;
};
