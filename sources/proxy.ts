import { setGlobalProxyFromEnv } from "node:http";

/** Never asked through a proxy: programs of this machine. */
const LOCAL = ["localhost", "127.0.0.1", "::1"];

/**
 * From now on this process asks sources through the proxy that `HTTPS_PROXY` or `HTTP_PROXY` names, in capitals or not, except hosts in
 * `NO_PROXY` and this machine. Temporal and S3 are asked directly.
 *
 * @returns the proxy's address without credentials; null where none is set
 * @throws {Error} naming the variable, if it holds no HTTP address
 */
export function useProxy(env: NodeJS.ProcessEnv): string | null {
  const value = (name: string) => env[name] || env[name.toLowerCase()] || undefined;
  const proxies = { https_proxy: value("HTTPS_PROXY"), http_proxy: value("HTTP_PROXY") };
  for (const [name, address] of Object.entries(proxies))
    if (address !== undefined && !(URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)))
      throw new Error(`${name.toUpperCase()} is no address like http://proxy:3128`);
  const address = proxies.https_proxy ?? proxies.http_proxy;
  if (address === undefined) return null;
  setGlobalProxyFromEnv({ ...proxies, no_proxy: [value("NO_PROXY"), ...LOCAL].filter(Boolean).join(",") });
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}`;
}
