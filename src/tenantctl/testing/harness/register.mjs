// Given to Node with --import: makes `tenantctl:test` an import of every test file.
import { register } from "node:module";

register("./resolve.mjs", import.meta.url);
