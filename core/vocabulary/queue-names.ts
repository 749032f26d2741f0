/** Each kind of activity has its own task queue, so that its limits hold over all workers. */
export function cpuQueue(taskQueue: string): string {
  return `${taskQueue}-cpu`;
}

/** The queue of the requests to one source. */
export function sourceQueue(taskQueue: string, source: string): string {
  return `${taskQueue}-source-${source}`;
}

/** All task queues: that of workflows and short steps, that of the CPU, and one for each source. */
export function queueNames(taskQueue: string, sources: readonly string[]): string[] {
  return [taskQueue, cpuQueue(taskQueue), ...sources.map((source) => sourceQueue(taskQueue, source))];
}
