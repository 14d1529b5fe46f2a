import { expect, test } from "vitest";
import { installScriptFaults, pinFaults, scriptsOnFaults } from "./supply-chain.ts";

test.each(["5.3.0", "0.45.4", "2.0.0-rc.1"])("a dependency on exactly %s is pinned (S69)", (version) => {
  expect(pinFaults("apps/api", { dependencies: { express: version } })).toEqual([]);
});

test.each([
  "^5.3.0",
  "~5.3.0",
  ">=5",
  "5.x",
  "*",
  "",
  "latest",
  "5.3",
  "git+https://git.example/express.git",
  "git://git.example/express.git",
  "express/express#main",
  "https://files.example/express.tgz",
  "http://files.example/express.tgz",
  "file:../express",
  "npm:other@5.3.0",
])("a dependency on %s is refused, of whatever kind (S69)", (version) => {
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"]) {
    expect(pinFaults("", { [kind]: { express: version } })).toEqual([
      `the root wants express "${version}"; name one exact version`,
    ]);
  }
});

test("a script that an install would run is refused, others are not (S69)", () => {
  expect(installScriptFaults("apps/api", { scripts: { start: "node .", test: "vitest" } })).toEqual([]);
  expect(installScriptFaults("apps/api", { scripts: { postinstall: "node build.js", prepare: "husky" } })).toHaveLength(
    2,
  );
});

test("an install that would run the packages' scripts is found, by npm's settings and by every call (S69)", () => {
  const off = "audit=false\nignore-scripts=true\n";
  const image = (text: string) => [{ path: "Dockerfile.api", text }];
  const launcher = (text: string) => [{ path: "dependencies.mjs", text }];

  expect(scriptsOnFaults(off, image("RUN npm ci --omit=dev --ignore-scripts && npx tsc\n# npm ci\n"))).toEqual([]);
  expect(scriptsOnFaults(off, launcher('say("npm ci failed"); spawn("npm", ["ci", "--ignore-scripts"]);'))).toEqual([]);
  expect(scriptsOnFaults("audit=false\n", [])).toEqual([".npmrc must say ignore-scripts=true"]);
  expect(scriptsOnFaults("# ignore-scripts=true\n", [])).toHaveLength(1);
  expect(scriptsOnFaults(off, image("RUN npm ci && npx tsc --ignore-scripts"))).toHaveLength(1);
  expect(scriptsOnFaults(off, image("RUN npm install left-pad"))).toHaveLength(1);
  expect(scriptsOnFaults(off, launcher('spawn("npm", ["ci", "--loglevel=error"]);'))).toHaveLength(1);
});
