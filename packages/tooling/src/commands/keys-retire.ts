import { parseArgs } from "node:util";
import { needOfEncryptionKey, needOfOldLookupKeys } from "@reminder-app/core/system/retire-key";
import { withSystem } from "../keys/open-system.ts";

const { values } = parseArgs({
  options: {
    key: { type: "string" },
    kind: { type: "string", default: "encryption" },
    json: { type: "boolean", default: false },
  },
});
const settingOf: Readonly<Record<string, "ENCRYPTION_KEYS" | "LOOKUP_KEYS">> = {
  encryption: "ENCRYPTION_KEYS",
  lookup: "LOOKUP_KEYS",
};
const name = settingOf[values.kind];
const key = Number(values.key);

if (!name || !Number.isInteger(key)) refuse("Use --key 1 --kind encryption|lookup");
else
  await withSystem(async (system, settings) => {
    const ids = [...settings[name].keys()];
    if (!ids.includes(key)) return refuse(`${name} has no key ${key}; it has ${ids.join(", ")}`);
    if (ids[0] === key) return refuse(`Key ${key} is the newest of ${name}: put a new one before it, and rotate`);
    const needed =
      name === "ENCRYPTION_KEYS" ? await needOfEncryptionKey(system, key) : await needOfOldLookupKeys(system);
    const safe = Object.keys(needed).length === 0;
    if (values.json) console.log(JSON.stringify({ kind: values.kind, key, safe, needed }));
    else if (safe) console.log(`Nothing needs key ${key}: remove it from ${name} in all processes' settings`);
    if (safe && name === "LOOKUP_KEYS" && !values.json)
      console.log("Unsubscribe links in emails from before the rotation end with it: wait until those are 60 days old");
    if (safe) return undefined;
    process.exitCode = 1;
    if (values.json) return undefined;
    console.error(`Key ${key} of ${name} is still needed:`);
    for (const [what, count] of Object.entries(needed)) console.error(`  ${count} ${what}`);
    console.error("Run keys:rotate; what has only a hash cannot be rotated, so keep an old look-up key for it.");
    return undefined;
  });

function refuse(reason: string): void {
  console.error(reason);
  process.exitCode = 1;
}
