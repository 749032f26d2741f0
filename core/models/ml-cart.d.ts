declare module "ml-cart" {
  /** A node as `toJSON` shows it; a leaf has no children, and keeps the split that was considered last. */
  export interface CartNode {
    readonly left?: CartNode;
    readonly right?: CartNode;
    readonly splitColumn?: number;
    readonly splitValue?: number;
    /** squared error that the best split leaves */
    readonly gain?: number;
  }
  export class DecisionTreeRegression {
    constructor(options?: { gainFunction?: "regression"; splitFunction?: "mean"; minNumSamples?: number; maxDepth?: number });
    train(trainingSet: readonly (readonly number[])[], trainingValues: readonly number[]): void;
    predict(toPredict: readonly (readonly number[])[]): number[];
    toJSON(): { readonly root: CartNode };
  }
}
