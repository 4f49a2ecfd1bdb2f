// Makes a typed client with odata2ts and compiles it with a program that uses it: node odata2ts-build.mjs METADATA FOLDER.
// Prints as JSON what the compiler complained about; the result is FOLDER/out/odata2ts.js.
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [metadata, folder] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const { resolve } = createRequire(import.meta.url);
const write = (name, value) => writeFileSync(join(folder, name), value);

symlinkSync(join(here, "node_modules"), join(folder, "node_modules"), "junction");
copyFileSync(join(here, "odata2ts.ts"), join(folder, "odata2ts.ts"));
// skipLibCheck is for odata2ts's own declarations, which name a package that it does not bring.
const compilerOptions = { target: "ES2022", module: "CommonJS", strict: true, skipLibCheck: true, types: [], outDir: "out" };
write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["odata2ts.ts"] }));
// odata2ts reads no annotations, so that an application has to say what Core.Computed says: these need not be sent.
const properties = readFileSync(metadata, "utf8").split("<Property ").slice(1);
const computed = properties.filter(property => property.includes('"Core.Computed" Bool="true"'));
const names = new Set(computed.map(property => /Name="(\w+)"/.exec(property)[1]));
const config = { propertiesByName: [...names].map(name => ({ name, managed: true })) };
write("odata2ts.config.js", `module.exports = ${JSON.stringify(config)};`);

const generator = resolve("@odata2ts/odata2ts/lib/run-cli.js");
execFileSync(process.execPath, [generator, "--source", metadata, "--output", "generated", "--emit-mode", "ts"], { cwd: folder });
const compiled = spawnSync(process.execPath, [resolve("typescript/bin/tsc"), "-p", folder], { encoding: "utf8" });
console.log(JSON.stringify({ errors: compiled.stdout.split("\n").filter(line => line) }));
