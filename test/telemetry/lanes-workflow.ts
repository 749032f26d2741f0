import { proxyActivities, sleep } from "@temporalio/workflow";

interface Steps {
  first(): Promise<void>;
  afterStep(): Promise<void>;
  afterTimer(): Promise<void>;
}

/** Two lanes, one behind a step, one behind a timer: when both are done in one task, which lane goes on first is what a yield changes. */
export async function lanes(): Promise<void> {
  const { first, afterStep, afterTimer } = proxyActivities<Steps>({ startToCloseTimeout: "1 minute", taskQueue: "lanes-steps" });
  await Promise.all([first().then(afterStep), sleep(1_500).then(afterTimer)]);
}
