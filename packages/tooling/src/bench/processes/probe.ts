// Loaded into a process under test before its own program: tells the CPU time it has used, when it is asked.
process.on("message", (message) => {
  if (message !== "cpu") return;
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuUs: user + system });
});
