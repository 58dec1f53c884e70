import type { Transaction } from './step.ts';

/** Runs transactions, each wholly or not at all, and answers once they are durable. */
export interface Writer {
  /** Rejects with a FoyerError: STORAGE_… when the store failed, INTERNAL or REQUEST_… when the transaction is wrong. */
  write<T>(transaction: Transaction<T>): Promise<T>;
  /** Finish what waits; later writes are refused. */
  close(): Promise<void>;
}

/** Told after each commit: how many transactions shared it, and the milliseconds it took. */
export type ObserveCommit = (transactions: number, milliseconds: number) => void;
