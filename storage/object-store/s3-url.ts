/** How people name a place in S3: `s3://bucket/prefix`. */
export function s3Url({ bucket, prefix }: { readonly bucket: string; readonly prefix: string }): string {
  return `s3://${bucket}${prefix ? `/${prefix}` : ""}`;
}
