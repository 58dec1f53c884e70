import type { ApiRequest } from './api.ts';

export interface FormFile {
  bytes: Buffer;
  contentType: string;
  name: string;
}

export interface Form {
  fields: Record<string, string>;
  files: Record<string, FormFile>;
}

/** A multipart body; undefined when it is none or broken. Parts with a file name are files. */
export async function readForm({ headers, body }: Pick<ApiRequest, 'headers' | 'body'>): Promise<Form | undefined> {
  const type = headers['content-type'] ?? '';
  if (!/^multipart\/form-data\b/i.test(type)) return undefined;
  try {
    const data = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    const form: Form = { fields: {}, files: {} };
    for (const [name, value] of data) {
      if (typeof value === 'string') form.fields[name] = value;
      else {
        const bytes = Buffer.from(await value.arrayBuffer());
        form.files[name] = { bytes, contentType: value.type, name: value.name };
      }
    }
    return form;
  } catch {
    return undefined;
  }
}
