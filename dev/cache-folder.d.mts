/** Where what is fetched or made once is kept for this user. */
export function cacheFolder(env?: NodeJS.ProcessEnv): string;
