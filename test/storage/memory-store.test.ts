import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import { describeObjectStore } from "./object-store-contract.ts";

describeObjectStore("memory", async () => ({ fresh: async () => createMemoryStore(), stop: async () => {} }));
