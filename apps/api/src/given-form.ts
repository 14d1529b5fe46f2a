/** A file to be sent. */
export interface Sent {
  readonly name: string;
  readonly content: Buffer | string;
  readonly type?: string;
}

/** A form with fields and then files, as browsers and programs send it. */
export function formOf(files: readonly Sent[], fields: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const { name, content, type = "" } of files)
    form.append("file", new Blob([new Uint8Array(Buffer.from(content))], { type }), name);
  return form;
}
