/** What an installer may use. */
export interface InstallContext {
  readonly env: NodeJS.ProcessEnv;
  /** Folder in which downloaded programs are kept. */
  readonly cache: string;
}

/** A way to get a Temporal CLI. */
export interface Installer {
  /** Named in notes and in the final error. */
  readonly name: string;
  /** Whether it uses the network and writes to the cache. */
  readonly fetches: boolean;
  /**
   * @returns the program's path and, for people, where it comes from
   * @throws {Error} saying why it found none
   */
  find(context: InstallContext): Promise<{ readonly path: string; readonly how: string }>;
}
