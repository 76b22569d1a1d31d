/** Takes documents out of the read models for good: out of every generation, and out of the bytes of the files. */
export type DocumentErasure = {
  /** Removes the document from all generations of the projection, and the dead letters that wait for it. */
  remove(projection: string, id: string): Promise<void>;
  /** Whether every generation of the projection that holds data has handled `position`. */
  allReached(projection: string, position: bigint): Promise<boolean>;
  /** After it nothing that was removed or written over before is left in the files. Those who ask at about the same time may share one. */
  scrub(): Promise<void>;
};
