import { documentsPart } from "./checklist-part.ts";
import type { PagePart } from "./page-part.ts";

/** In the order in which they are shown. */
export const pageParts: readonly PagePart[] = [documentsPart];
