import { proxyActivities, sleep } from "@temporalio/workflow";

interface Steps {
  first(): Promise<void>;
  afterStep(): Promise<void>;
  afterTimer(): Promise<void>;
}

/** Two lanes, one behind an activity, one behind a timer. If both complete in one workflow task, an extra yield changes which lane continues first. */
export async function lanes(): Promise<void> {
  const { first, afterStep, afterTimer } = proxyActivities<Steps>({ startToCloseTimeout: "1 minute", taskQueue: "lanes-steps" });
  await Promise.all([first().then(afterStep), sleep(1_500).then(afterTimer)]);
}
