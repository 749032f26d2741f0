import { z } from "zod";

type Numbers = Float64Array | Int32Array | Uint8Array;

/** Arrays of finite doubles, at most `most` of them, as base64 of their bytes (little-endian). */
export const doubles = (most: number) =>
  inBase64<Float64Array>(Float64Array, most).refine((values) => values.every(Number.isFinite), "holds a value that is no finite number");

/** Arrays of whole numbers of 32 bits with a sign, at most `most` of them, in base64. */
export const ints = (most: number) => inBase64<Int32Array>(Int32Array, most);

/** Arrays of bytes, at most `most` of them, in base64. */
export const bytes = (most: number) => inBase64<Uint8Array>(Uint8Array, most);

/** The text's length is checked before anything is decoded; what is no base64 in it is skipped, and so lost on the way back. */
function inBase64<A extends Numbers>(
  type: { new (buffer: ArrayBuffer): A; readonly BYTES_PER_ELEMENT: number },
  most: number,
): z.ZodCodec<z.ZodString, z.ZodCustom<A, A>> {
  const width = type.BYTES_PER_ELEMENT;
  const text = z.string().max(4 * Math.ceil((most * width) / 3));
  return z.codec(
    text,
    z.custom<A>((value) => value instanceof type),
    {
      decode: (encoded, context) => {
        const decoded = Buffer.from(encoded, "base64");
        if (decoded.length % width === 0) return new type(new Uint8Array(decoded).buffer);
        context.issues.push({ code: "custom", message: `has ${decoded.length} bytes, no multiple of ${width}`, input: encoded });
        return z.NEVER;
      },
      encode: (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64"),
    },
  );
}
