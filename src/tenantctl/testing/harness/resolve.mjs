// The hook behind `import { action } from "tenantctl:test"`.
const INDEX = new URL("./index.mjs", import.meta.url).href;

export async function resolve(specifier, context, next) {
  return specifier === "tenantctl:test" ? { url: INDEX, shortCircuit: true } : next(specifier, context);
}
