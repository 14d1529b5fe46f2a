import { generateClient } from "../client/generate-client.ts";
import { projectRoot } from "../verify/project-files.ts";

await generateClient(projectRoot);
console.log("packages/client/generated/api.ts is as the API is now");
