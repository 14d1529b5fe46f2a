import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Log, canInstallPackages } from "./apt-install.ts";
import { type DatabaseProgram, mySql } from "./database-server.ts";
import { requireCommand } from "./run-command.ts";

const SUITE = "sid";
const PACKAGES = ["mysql-server-core", "mysql-client-core"];
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * The MySQL of Debian unstable, unpacked into `directory` with all the libraries that it needs, so that nothing of
 * this machine is touched. Takes a minute the first time.
 */
export async function unpackMySql(directory: string, log: Log): Promise<DatabaseProgram> {
  const root = join(directory, "root");
  if (!existsSync(root)) {
    if (!canInstallPackages()) throw new Error("MySQL is unpacked from Debian's packages: that needs root and apt");
    log("unpacking MySQL from Debian's packages (about a minute)");
    await unpack(directory, root);
  }
  const { folder, linker } = machine();
  const libraries = join(root, "usr/lib", folder);
  return mySql({
    loader: [join(libraries, linker), "--library-path", `${libraries}:${join(root, "usr/lib/mysql/private")}`],
    server: join(root, "usr/sbin/mysqld"),
    base: [
      `--basedir=${join(root, "usr")}`,
      `--lc-messages-dir=${join(root, "usr/share/mysql")}`,
      "--secure-file-priv=NULL",
    ],
  });
}

/** Where Debian keeps the libraries of this kind of machine. */
function machine(): { folder: string; linker: string } {
  if (process.arch === "x64") return { folder: "x86_64-linux-gnu", linker: "ld-linux-x86-64.so.2" };
  if (process.arch === "arm64") return { folder: "aarch64-linux-gnu", linker: "ld-linux-aarch64.so.1" };
  throw new Error(`MySQL is unpacked for x64 and arm64 only, and this machine is ${process.arch}`);
}

async function unpack(directory: string, root: string): Promise<void> {
  const state = join(directory, "apt");
  rmSync(state, { recursive: true, force: true });
  for (const folder of ["lists/partial", "cache/archives/partial"]) mkdirSync(join(state, folder), { recursive: true });
  writeFileSync(join(state, "status"), "");
  writeFileSync(join(state, "sources.list"), `deb [signed-by=${KEYRING}] ${await mirror()} ${SUITE} main\n`);
  writeFileSync(join(state, "apt.conf"), aptConfig(state));
  const env = { APT_CONFIG: join(state, "apt.conf") };
  await requireCommand("apt-get", ["-qq", "update"], { env });
  await requireCommand("apt-get", ["-y", "-qq", "--download-only", "install", ...PACKAGES], { env });

  const half = `${root}.half`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half);
  const archives = join(state, "cache/archives");
  for (const file of readdirSync(archives).filter((name) => name.endsWith(".deb"))) {
    await requireCommand("dpkg-deb", ["-x", join(archives, file), half]);
  }
  rmSync(state, { recursive: true });
  renameSync(half, root);
}

/** Where this machine's own apt gets Debian's main archive. */
async function mirror(): Promise<string> {
  const targets = await requireCommand("apt-get", ["indextargets", "--format", "$(REPO_URI)"]);
  const found = targets.split("\n").find((address) => address !== "" && !address.includes("security"));
  if (!found) throw new Error("apt has no archive to take MySQL from");
  return found;
}

/** An apt that knows of no installed package, so that it fetches every library, and that leaves the machine's alone. */
function aptConfig(state: string): string {
  return `Dir::State "${state}"; Dir::State::Lists "${state}/lists"; Dir::State::status "${state}/status";
Dir::Cache "${state}/cache"; Dir::Etc::SourceList "${state}/sources.list"; Dir::Etc::SourceParts "${state}/none";
APT::Install-Recommends "false"; APT::Sandbox::User ""; Debug::NoLocking "true"; Acquire::Languages "none";
`;
}
