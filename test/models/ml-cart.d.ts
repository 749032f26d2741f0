declare module "ml-cart" {
  export class DecisionTreeRegression {
    constructor(options?: { gainFunction?: "regression"; splitFunction?: "mean"; minNumSamples?: number; maxDepth?: number });
    train(trainingSet: readonly (readonly number[])[], trainingValues: readonly number[]): void;
    predict(toPredict: readonly (readonly number[])[]): number[];
  }
}
