/** Each kind of activity has its own task queue, so that its limits hold over all workers. */
export function cpuQueue(taskQueue: string): string {
  return `${taskQueue}-cpu`;
}

/** The queue of the requests to one source. */
export function sourceQueue(taskQueue: string, source: string): string {
  return `${taskQueue}-source-${source}`;
}
