import type { Answer } from "./given-call.ts";
import { buildOpenApi } from "./openapi/build-openapi.ts";
import { endpoints } from "./routes/all.ts";
import { oauthErrorSchema, problemSchema } from "./schemas.ts";

const described = buildOpenApi().paths as Record<string, Record<string, { responses: Record<string, unknown> }>>;
const routes = endpoints.map((endpoint) => ({
  endpoint,
  pattern: new RegExp(`^${endpoint.path.replaceAll(/:\w+/g, "[^/]+")}$`),
}));

/** Throws when the documentation does not foresee an answer: its status, or a field that is missing, wrong or too many. */
export function requireDocumented(method: string, path: string, answer: Answer): void {
  const [pathname = ""] = path.split("?");
  const route = routes.find(
    ({ endpoint, pattern }) => endpoint.method === method.toLowerCase() && pattern.test(pathname),
  );
  if (!route) return;
  const { endpoint } = route;
  const { responses } = described[endpoint.path.replaceAll(/:(\w+)/g, "{$1}")]?.[endpoint.method] ?? { responses: {} };
  if (!(answer.status in responses)) throw undocumented(endpoint.operationId, answer, "its status is not foreseen");

  if (answer.status < 400 && endpoint.answer.media) {
    if (!answer.headers.get("content-type")?.startsWith(endpoint.answer.media))
      throw undocumented(endpoint.operationId, answer, `it should be ${endpoint.answer.media}`);
    return;
  }
  const failed = answer.status >= 400;
  const schema = failed ? (endpoint.oauth ? oauthErrorSchema : problemSchema) : endpoint.answer.schema;
  if (!schema) {
    if (answer.text !== "") throw undocumented(endpoint.operationId, answer, "it should have no body");
    return;
  }
  const parsed = schema.safeParse(answer.body);
  if (!parsed.success) throw undocumented(endpoint.operationId, answer, parsed.error.message);
  // Parsing drops what the schema does not name, so both are as long only when nothing was dropped.
  if (JSON.stringify(parsed.data).length !== JSON.stringify(answer.body).length)
    throw undocumented(endpoint.operationId, answer, "it has fields that are not documented");
}

function undocumented(operationId: string, { status, text }: Answer, fault: string): Error {
  return new Error(`${operationId} answered ${status} as its documentation does not say: ${fault}\n${text}`);
}
