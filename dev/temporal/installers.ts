/** What a installer of getting a Temporal CLI may use. */
export interface InstallContext {
  readonly env: NodeJS.ProcessEnv;
  /** Folder in which fetched programs stay. */
  readonly cache: string;
}

/** One installer of getting a Temporal CLI. */
export interface Installer {
  /** Named in notes and in the final error. */
  readonly name: string;
  /** Whether it needs the network and writes to the cache. */
  readonly fetches: boolean;
  /**
   * @returns the program's path and, for people, where it comes from
   * @throws {Error} saying why there is none this installer
   */
  find(context: InstallContext): Promise<{ readonly path: string; readonly how: string }>;
}
