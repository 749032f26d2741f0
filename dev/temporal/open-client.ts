import { Client, Connection } from "@temporalio/client";
import { type TemporalServer, unreachable } from "../../settings/temporal-server.ts";

const CONNECT_MS = 5_000;

/** @throws {Error} naming the address, if the server doesn't answer within 5 s */
export async function openClient({ address, namespace, connection }: TemporalServer): Promise<Client> {
  try {
    return new Client({ connection: await Connection.connect({ ...connection, connectTimeout: CONNECT_MS }), namespace });
  } catch (cause) {
    throw unreachable(address, cause);
  }
}
