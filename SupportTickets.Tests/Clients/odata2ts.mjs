// Runs the program that odata2ts-build.mjs compiled: node odata2ts.mjs ADDRESS FOLDER prints as JSON what it saw.
import { watch } from "./recorder.mjs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [root, folder] = process.argv.slice(2);
const { use } = createRequire(import.meta.url)(join(folder, "out", "odata2ts.js"));
console.log(JSON.stringify(await use(root, watch(error => ({ status: error.status, message: error.message })))));
