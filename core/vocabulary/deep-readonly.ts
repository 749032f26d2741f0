/** A value of which nothing may be changed, however deep; arrays and tuples stay arrays and tuples. */
export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
