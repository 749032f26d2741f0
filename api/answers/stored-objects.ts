import { z } from "@hono/zod-openapi";
import { version } from "./schemas.ts";

export const pointerAnswer = z
  .object({
    version,
    key: z.string().openapi({ description: "of the manifest, in the store" }),
    sha256: z.string().openapi({ description: "of the manifest's stored bytes, in hex" }),
  })
  .openapi("Pointer");

export const storedManifest = z.string().openapi("StoredManifest", { description: "the manifest's bytes as they are stored" });

export const storedObject = z.string().openapi("StoredObject", { description: "the object's bytes as they are stored", format: "binary" });
