// Loaded before a command of the launcher. When the launcher is gone without having said so (kill -9), the command is
// asked to stop, as it would be by the launcher.
if (process.channel) {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}
